import { CancellationScope, sleep } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import { failureOf } from '../failures.ts';
import type { CancelRequested, DeadlinePassed, Failed } from './events.ts';

/** Work that a cancel of the workflow interrupts. A failure of the work is an event too. */
export async function interruptible<T>(work: () => Promise<T>): Promise<T | Failed | CancelRequested> {
  try {
    return await work();
  } catch (error) {
    return interruptionOf(error);
  }
}

/**
 * Interruptible work that also ends at the readiness deadline of its creation.
 * @param leastMs time that the work has at least, ms, also where the deadline is nearer or past
 */
export async function untilDeadline<T>(
  creation: Creation,
  leastMs: number,
  work: () => Promise<T>,
): Promise<T | Failed | DeadlinePassed | CancelRequested> {
  const scope = new CancellationScope();
  const timer = new CancellationScope();
  const deadline = { passed: false };
  const leftMs = Math.max(leastMs, creation.openedAtMs + creation.readyTimeoutMs - Date.now());
  void timer
    .run(() => sleep(leftMs, { summary: `Readiness deadline of ${creation.key}` }))
    .then(() => {
      deadline.passed = true;
      scope.cancel();
    })
    .catch(() => undefined);
  try {
    return await scope.run(work);
  } catch (error) {
    return deadline.passed ? { type: 'deadlinePassed' } : interruptionOf(error);
  } finally {
    timer.cancel();
  }
}

const interruptionOf = (error: unknown): Failed | CancelRequested =>
  CancellationScope.current().consideredCancelled
    ? { type: 'cancelRequested' }
    : { type: 'failed', failure: failureOf(error) };
