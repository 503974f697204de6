import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { executableName, findOnPath, versionOf } from '../processes/executables.ts';
import { tryLock } from '../processes/locks.ts';
import { poll } from '../processes/poll.ts';
import { buildTemporalCli } from './go-install.ts';
import { downloadTemporalCli } from './download.ts';
import { TEMPORAL_CLI } from './versions.ts';

/** Another start may be building: a cold build takes minutes, this is well past the slowest seen. */
const WAIT_FOR_OTHER_MS = 30 * 60_000;
const WAIT_INTERVAL_MS = 500;

export interface TemporalCliOptions {
  /** TEMPORAL_CLI_PATH: this program or an error, nothing else is tried. */
  temporalCliPath?: string | undefined;
  /** The PATH value to search for `temporal` and `go`. */
  path?: string | undefined;
  /** Folder for caches of the user, such as `~/.cache`; ours is `muster` below it. */
  cacheDir: string;
  /** Environment for `go`, which needs its own settings, the home folder and the proxy. */
  childEnv: Readonly<Record<string, string | undefined>>;
  /** A mirror of the download service; its own address by default. */
  downloadUrl?: string | undefined;
}

export interface CliProgress {
  stage: 'waiting for another start' | 'downloading' | 'building from source';
  elapsedMs: number;
}

/** No way to get the Temporal CLI worked; the message lists what a person can do. */
export class TemporalCliNotFoundError extends Error {
  override readonly name = 'TemporalCliNotFoundError';
}

/**
 * Finds a Temporal CLI that runs, or installs the pinned one into the cache: the given path, PATH, the cache, the
 * SDKs' download service, `go install`. Two starts at once install it once.
 *
 * @throws {TemporalCliNotFoundError}
 */
export async function findTemporalCli(
  options: TemporalCliOptions,
  onProgress: (progress: CliProgress) => void = () => undefined,
): Promise<string> {
  if (options.temporalCliPath !== undefined) {
    const problem = await problemWith(options.temporalCliPath);
    if (problem) throw new TemporalCliNotFoundError(`TEMPORAL_CLI_PATH: ${problem}`);
    return options.temporalCliPath;
  }
  const problems: string[] = [];
  const onPath = await findOnPath('temporal', options.path);
  if (onPath !== undefined) {
    const problem = await problemWith(onPath);
    if (!problem) return onPath;
    problems.push(`temporal on PATH: ${problem}`);
  }
  const cached = cachedCli(options.cacheDir);
  if (await isUsable(cached)) return cached;
  return await withInstallLock(cached, onProgress, async () => {
    // The start we waited for may have installed it.
    if (!(await isUsable(cached))) await install(options, cached, problems, onProgress);
    return cached;
  });
}

/** Where the pinned CLI is cached: a folder named by version, so that a newer pin never meets an older binary. */
export function cachedCli(cacheDir: string): string {
  return path.join(cacheDir, 'muster', `temporal-cli-${TEMPORAL_CLI.version}`, executableName('temporal'));
}

/** Works in a scratch folder beside the cache and moves the finished, proven program into place in one step. */
async function install(
  options: TemporalCliOptions,
  cached: string,
  problems: string[],
  onProgress: (progress: CliProgress) => void,
): Promise<void> {
  const scratch = path.join(path.dirname(cached), `.install-${randomUUID()}`);
  await mkdir(scratch, { recursive: true });
  try {
    const ways = [
      { name: 'download', get: () => downloadTemporalCli(options.downloadUrl, scratch, onProgress) },
      { name: 'go install', get: () => buildTemporalCli(options, scratch, onProgress) },
    ];
    for (const way of ways) {
      try {
        const program = await way.get();
        await chmod(program, 0o755);
        const problem = await problemWith(program);
        if (problem) throw new Error(problem);
        await rename(program, cached);
        return;
      } catch (error) {
        problems.push(`${way.name}: ${reasonOf(error)}`);
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  throw new TemporalCliNotFoundError(adviceAfter(problems));
}

async function withInstallLock<T>(
  cached: string,
  onProgress: (progress: CliProgress) => void,
  work: () => Promise<T>,
): Promise<T> {
  const since = performance.now();
  const lock = await poll(
    async () => {
      const attempt = await tryLock(path.join(path.dirname(cached), 'install.lock'));
      if (attempt.taken) return attempt;
      onProgress({ stage: 'waiting for another start', elapsedMs: Math.round(performance.now() - since) });
      return undefined;
    },
    { timeoutMs: WAIT_FOR_OTHER_MS, intervalMs: WAIT_INTERVAL_MS },
  );
  if (!lock) throw new TemporalCliNotFoundError(adviceAfter(['another start has been installing it for too long']));
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function isUsable(file: string): Promise<boolean> {
  return (await problemWith(file)) === undefined;
}

async function problemWith(file: string): Promise<string | undefined> {
  try {
    await access(file);
  } catch {
    return `${file} does not exist or cannot be read`;
  }
  try {
    const version = await versionOf(file);
    return /^temporal version/i.test(version) ? undefined : `${file} is not the Temporal CLI`;
  } catch (error) {
    return reasonOf(error);
  }
}

function adviceAfter(problems: readonly string[]): string {
  return [
    'No Temporal server to start: the Temporal CLI was not found and could not be installed.',
    ...problems.map((problem) => `  tried ${problem}`),
    'Do one of these and start again:',
    '  - set TEMPORAL_ADDRESS to a Temporal server that already runs',
    '  - set TEMPORAL_CLI_PATH to a temporal program',
    '  - install the Temporal CLI so that `temporal` is on PATH',
    '  - install Go, so that it can be built from source (takes some minutes, once)',
  ].join('\n');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
