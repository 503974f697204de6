import path from 'node:path';
import { executableName, findOnPath } from '../processes/executables.ts';
import { silentLog } from '../processes/log.ts';
import { ChildFailedError, startChild } from '../processes/child.ts';
import type { CliProgress, TemporalCliOptions } from './temporal-cli.ts';
import { TEMPORAL_CLI } from './versions.ts';

/** A cold build takes 3 to 7 minutes on two cores; the rest is for slow networks. */
const BUILD_TIMEOUT_MS = 25 * 60_000;
const PROGRESS_INTERVAL_MS = 2_000;

/**
 * Builds the pinned CLI with the Go toolchain from its published module into `folder`.
 *
 * @returns the program. @throws when Go is missing, or with the end of the compiler's output.
 */
export async function buildTemporalCli(
  options: TemporalCliOptions,
  folder: string,
  onProgress: (progress: CliProgress) => void,
): Promise<string> {
  const go = await findOnPath('go', options.path);
  if (go === undefined) throw new Error('Go is not on PATH');
  const since = performance.now();
  const report = () => {
    onProgress({ stage: 'building from source', elapsedMs: Math.round(performance.now() - since) });
  };
  report();
  const build = await startChild({
    name: 'go-install',
    command: go,
    // Without the symbol tables the program is a fifth smaller and links faster.
    args: ['install', '-ldflags=-s -w', `${TEMPORAL_CLI.goPackage}@v${TEMPORAL_CLI.version}`],
    runDir: folder,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    env: { ...options.childEnv, PATH: options.path, GOBIN: folder },
    log: silentLog,
  });
  const ticker = setInterval(report, PROGRESS_INTERVAL_MS);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<'too long'>((resolve) => {
    timer = setTimeout(resolve, BUILD_TIMEOUT_MS, 'too long');
  });
  try {
    const end = await Promise.race([build.exited, tooLong]);
    if (end === 'too long') throw new Error(`the build took longer than ${BUILD_TIMEOUT_MS} ms`);
    if (!build.succeeded()) throw new ChildFailedError(end, build.logFile, await build.output());
  } finally {
    clearTimeout(timer);
    clearInterval(ticker);
    await build.stop();
  }
  return path.join(folder, executableName('temporal'));
}
