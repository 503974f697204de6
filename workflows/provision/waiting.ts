import { condition, isCancellation, sleep } from '@temporalio/workflow';
import type { ClusterAccess } from '../../contracts/cluster.ts';
import { atProvider } from '../activity-options.ts';
import { recheckDelayMs } from '../recheck-delay.ts';
import type { Hints } from './hints.ts';
import type { Step } from './state.ts';

type Waiting = Extract<Step, { at: 'waiting' }>;

/**
 * Waits for a hint of the monitor and has one look confirm it. A hint that is not confirmed is followed by a few looks of
 * its own, since listings and descriptions of a provider need not agree at once; then by the long wait again. Without
 * any hint it looks after the fallback: whatever becomes of the monitor, it ends.
 */
export async function untilUsable(step: Waiting, hints: Hints): Promise<ClusterAccess> {
  const { creation, clusterId } = step;
  let { fallbackMs } = step;
  let rechecks = 0;
  for (;;) {
    const hinted = await hintOrTimeout(step, fallbackMs, hints);
    for (;;) {
      hints.clear(creation.key);
      const { checkReadiness } = atProvider(
        creation.provider,
        'readinessCheck',
        `Check whether ${creation.key} is ready`,
      );
      const readiness = await checkReadiness({ key: creation.key, clusterId });
      if (readiness.kind === 'ready') return readiness.access;
      fallbackMs = readiness.fallbackMs;
      const pauseMs = hinted ? recheckDelayMs(rechecks) : null;
      if (pauseMs === null) break;
      rechecks += 1;
      await sleep(pauseMs, { summary: 'Unconfirmed: look again' });
    }
  }
}

/**
 * True for a hint, false when the time is up. The deadline's timer runs already and ends the step: one that would come
 * later is not started, since each is two events and an action.
 */
async function hintOrTimeout({ creation }: Waiting, fallbackMs: number, hints: Hints): Promise<boolean> {
  const hinted = (): boolean => hints.pending(creation.key);
  if (Date.now() + fallbackMs < creation.openedAtMs + creation.readyTimeoutMs) return condition(hinted, fallbackMs);
  await condition(hinted);
  return true;
}

/**
 * A look at the deadline: nobody may have told of it, and a cluster that is usable by then is not thrown away. Null where
 * it is not usable, or where the provider does not answer.
 */
export async function lastReadinessCheck({
  creation: { key, provider },
  clusterId,
}: Waiting): Promise<ClusterAccess | null> {
  try {
    const { checkReadiness } = atProvider(provider, 'lastReadinessCheck', `Check ${key} once more at its deadline`);
    const readiness = await checkReadiness({ key, clusterId });
    return readiness.kind === 'ready' ? readiness.access : null;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return null;
  }
}
