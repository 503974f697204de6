import path from 'node:path';
import { executableName, findOnPath } from '../processes/executables.ts';
import { install } from './install.ts';
import {
  ProgramNotFoundError,
  type InstallJob,
  type InstallStage,
  type Machine,
  type OnProgress,
  type Program,
} from './program.ts';
import { findProblem } from './check-program.ts';

/** A stage that lasts is told again this often: a cold build takes minutes. */
const PROGRESS_INTERVAL_MS = 15_000;

/**
 * Finds a program that proves to be the right one: on PATH where any version will do, in our cache, or else by the
 * program's own ways, which put it into the cache. Two starts at once install it once.
 *
 * @throws {ProgramNotFoundError} with every reason.
 */
export async function findProgram(program: Program, machine: Machine, onProgress: OnProgress): Promise<string> {
  const problems: string[] = [];
  const onPath = program.acceptsAnyOnPath ? await findOnPath(program.file, machine.path) : undefined;
  if (onPath !== undefined) {
    const problem = await findProblem(program, onPath);
    if (!problem) return onPath;
    problems.push(`${program.file} on PATH: ${problem}`);
  }
  const cached = cachedProgram(program, machine.cacheDir);
  if ((await findProblem(program, cached)) === undefined) return cached;
  const reporter = progressReporter(onProgress);
  try {
    const failures = await install(program, cached, machine, reporter.report);
    if (failures.length === 0) return cached;
    problems.push(...failures);
  } finally {
    reporter.end();
  }
  throw new ProgramNotFoundError(program, problems);
}

/** Where a program of ours is cached. */
export function cachedProgram(program: Program, cacheDir: string): string {
  return path.join(cacheDir, 'muster', program.cacheName, executableName(program.file));
}

/** Tells each stage as it comes, and again while it lasts. */
function progressReporter(onProgress: OnProgress): { report: InstallJob['report']; end: () => void } {
  const since = performance.now();
  let last: { stage: InstallStage; note: string } | undefined;
  const tell = () => {
    if (last) onProgress({ ...last, elapsedMs: Math.round(performance.now() - since) });
  };
  const ticker = setInterval(tell, PROGRESS_INTERVAL_MS);
  return {
    report: (stage, note = stage) => {
      if (last?.note === note) return;
      last = { stage, note };
      tell();
    },
    end: () => {
      clearInterval(ticker);
    },
  };
}
