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

/** A stage that lasts is reported again this often (policy): a cold build takes minutes. */
const PROGRESS_INTERVAL_MS = 15_000;

/**
 * Finds a program that runs: on PATH where any version will do, in the cache, or else by installing it into the cache. Two
 * starts at once install it once.
 *
 * @throws {ProgramNotFoundError} with every reason
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

/** Where the cache holds a program. */
export function cachedProgram(program: Program, cacheDir: string): string {
  return path.join(cacheDir, 'muster', program.cacheName, executableName(program.file));
}

/** Reports each stage when it begins, and again while it lasts. */
function progressReporter(onProgress: OnProgress): { report: InstallJob['report']; end: () => void } {
  const since = performance.now();
  let last: { stage: InstallStage; note: string } | undefined;
  const report = () => {
    if (last) onProgress({ ...last, elapsedMs: Math.round(performance.now() - since) });
  };
  const ticker = setInterval(report, PROGRESS_INTERVAL_MS);
  return {
    report: (stage, note = stage) => {
      if (last?.note === note) return;
      last = { stage, note };
      report();
    },
    end: () => {
      clearInterval(ticker);
    },
  };
}
