import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ChildFailedError } from '../processes/child-failed.ts';
import { startChild } from '../processes/child.ts';
import { executableName, findOnPath } from '../processes/executables.ts';
import { silentLog } from '../processes/log.ts';
import type { InstallMethod } from './program.ts';

const STOP_TIMEOUT_MS = 5_000;

export interface GoModule {
  readonly goPackage: string;
  readonly version: string;
  readonly timeoutMs: number;
  /** How long it usually takes, for the user: `some minutes the first time`. */
  readonly takes: string;
}

/**
 * Builds a program with Go from its published module, which Go verifies against its public checksum database. Fails when Go
 * is missing, or with the end of the compiler's output.
 */
export function goInstall({ goPackage, version, timeoutMs, takes }: GoModule): InstallMethod {
  return {
    name: 'go install',
    timeoutMs,
    install: async ({ folder, program, machine, report }) => {
      const go = await findOnPath('go', machine.path);
      if (go === undefined) throw new Error('Go is not on PATH');
      report('building from source', `building from source, ${takes}`);
      // In the scratch folder, so that a killed build leaves nothing in other places.
      const workDir = path.join(folder, 'go-build');
      await mkdir(workDir, { recursive: true });
      const build = await startChild({
        name: 'go-install',
        command: go,
        // Without the symbol tables the program is a fifth smaller and links faster.
        args: ['install', '-ldflags=-s -w', `${goPackage}@v${version}`],
        runDir: folder,
        stopSignal: 'SIGTERM',
        stopTimeoutMs: STOP_TIMEOUT_MS,
        // Go starts compilers and linkers; each runs for seconds to a minute.
        killsHelpers: true,
        env: { ...machine.childEnv, PATH: machine.path, GOBIN: folder, GOTMPDIR: workDir },
        log: silentLog,
      });
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<'too long'>((resolve) => {
        timer = setTimeout(resolve, timeoutMs, 'too long');
      });
      try {
        const end = await Promise.race([build.exited, tooLong]);
        if (end === 'too long') throw new Error(`the build took longer than ${timeoutMs} ms`);
        if (!build.succeeded()) throw new ChildFailedError(end, build.logFile, await build.output());
      } finally {
        clearTimeout(timer);
        await build.stop();
      }
      return path.join(folder, executableName(program.file));
    },
  };
}
