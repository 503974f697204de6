import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { LockTimeoutError, withLock } from '../processes/locks.ts';
import { silentLog } from '../processes/log.ts';
import { stopLeftovers } from '../processes/pid-file.ts';
import type { InstallJob, Machine, Program } from './program.ts';
import { findProblem } from './check-program.ts';

const WAIT_INTERVAL_MS = 500;
/** Added to the time of all methods, for checking and moving the result. */
const WAIT_MARGIN_MS = 60_000;
/** A compiler needs no time to stop in order. */
const COMPILER_STOP = { stopSignal: 'SIGTERM', stopTimeoutMs: 2_000, log: silentLog } as const;
const SCRATCH = '.install-';

/**
 * Installs a program into the cache by the first of its methods that works. Starts that want it at the same time install it
 * once.
 *
 * @returns why each method failed; empty when the program is in the cache
 */
export async function install(
  program: Program,
  cached: string,
  machine: Machine,
  report: InstallJob['report'],
): Promise<string[]> {
  const folder = path.dirname(cached);
  const waiting = {
    // A process that holds the lock for longer than all methods may take is stuck.
    timeoutMs: program.methods.reduce((sum, method) => sum + method.timeoutMs, WAIT_MARGIN_MS),
    intervalMs: WAIT_INTERVAL_MS,
    onWait: () => {
      report('waiting for another start');
    },
  };
  try {
    return await withLock(path.join(folder, 'install.lock'), waiting, async () => {
      await clearScratch(folder);
      // The other start may have installed it.
      if ((await findProblem(program, cached)) === undefined) return [];
      return await tryMethods(program, cached, machine, report);
    });
  } catch (error) {
    if (error instanceof LockTimeoutError) return ['another start has been installing it for too long'];
    // Such as a cache that cannot be written: one more reason, because some programs are optional.
    return [`${folder}: ${reasonOf(error)}`];
  }
}

/** Works in a scratch folder beside the cache and moves the checked program into place in one step. */
async function tryMethods(
  program: Program,
  cached: string,
  machine: Machine,
  report: InstallJob['report'],
): Promise<string[]> {
  const problems: string[] = [];
  const scratch = path.join(path.dirname(cached), `${SCRATCH}${randomUUID()}`);
  await mkdir(scratch, { recursive: true });
  try {
    for (const method of program.methods) {
      try {
        const made = await method.install({ folder: scratch, program, machine, report });
        await chmod(made, 0o755);
        const problem = await findProblem(program, made);
        if (problem) throw new Error(problem);
        await rename(made, cached);
        return [];
      } catch (error) {
        problems.push(`${method.name}: ${reasonOf(error)}`);
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return problems;
}

/** Removes what killed starts left. This process has the lock, so at most an orphaned compiler still works there. */
async function clearScratch(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(SCRATCH)) continue;
    await stopLeftovers(path.join(folder, name), COMPILER_STOP);
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
