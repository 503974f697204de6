import { PHASES, type Phase } from '../contracts/phases.ts';

/** How Temporal names a run that ended by itself, and what that makes of its request. */
const ENDED_AS: Readonly<Record<string, Phase>> = { COMPLETED: 'ready', FAILED: 'failed', CANCELLED: 'cancelled' };

/** Runs that Temporal still works on; a run that continues as new goes on under the same id. */
const GOING = new Set(['RUNNING', 'CONTINUED_AS_NEW']);

/** Whether a run goes on. */
export const isGoing = (run: string): boolean => GOING.has(run);

/** Whether a run was stopped from outside: terminated, or timed out. What it made may still stand. */
export const isStopped = (run: string): boolean => !isGoing(run) && !Object.hasOwn(ENDED_AS, run);

/**
 * The phase of a request by its run's status and the phase that the run showed last. How the run was closed rules: a
 * request that failed before its plan shows none, and one that was stopped from outside is no longer where it was.
 * @returns null for a run that was stopped from outside, and for one that has shown none yet
 */
export function phaseOfRun(run: string, last: string | null | undefined): Phase | null {
  const ended = ENDED_AS[run];
  if (ended !== undefined) return ended;
  return isGoing(run) ? asPhase(last) : null;
}

/** A phase that came over the wire. */
export const asPhase = (text: string | null | undefined): Phase | null =>
  PHASES.find((phase) => phase === text) ?? null;
