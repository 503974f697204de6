import { PHASES, type Phase } from '../contracts/phases.ts';

/** Status names of runs that ended by themselves, with the phase of their request. */
const ENDED_AS: Readonly<Record<string, Phase>> = { COMPLETED: 'ready', FAILED: 'failed', CANCELLED: 'cancelled' };

/** Status names of runs that are not over: a run that continues as new goes on under the same id. */
const RUNNING = new Set(['RUNNING', 'CONTINUED_AS_NEW']);

/** Whether a run is not over, by its status name. */
export const isRunning = (run: string): boolean => RUNNING.has(run);

/** Whether a run was terminated or timed out. What it created may still exist. */
export const isStopped = (run: string): boolean => !isRunning(run) && !Object.hasOwn(ENDED_AS, run);

/**
 * The phase of a request by its run's status and the last phase that the run published. The status decides: a request that
 * failed before its plan published no phase, and a terminated one is no longer in its last phase.
 * @returns null for a run that was terminated or timed out, and for one that has published no phase yet
 */
export function phaseOfRun(run: string, last: string | null | undefined): Phase | null {
  const ended = ENDED_AS[run];
  if (ended !== undefined) return ended;
  return isRunning(run) ? asPhase(last) : null;
}

/** Parses a phase; null when it is not one. */
export const asPhase = (text: string | null | undefined): Phase | null =>
  PHASES.find((phase) => phase === text) ?? null;
