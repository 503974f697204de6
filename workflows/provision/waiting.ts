import { condition, sleep } from '@temporalio/workflow';
import type { ClusterAccess } from '../../contracts/cluster.ts';
import { atProvider } from '../activity-options.ts';
import { recheckDelayMs } from '../recheck-delay.ts';
import type { CancelRequested, ClusterReady, DeadlinePassed } from './events.ts';
import type { Hints } from './hints.ts';
import { interruptible } from './interruptible.ts';
import type { StateAt } from './state.ts';

/**
 * Waits until the cluster is ready. One check confirms a hint of the monitor. An unconfirmed hint causes a few rechecks,
 * because a provider's listing and its description of a cluster may disagree for a while. Without any hint it checks
 * after the fallback time, so that it ends also where no monitor runs.
 */
export async function untilReady(step: StateAt<'waiting'>, hints: Hints): Promise<ClusterAccess> {
  const {
    creation: { key, provider },
    clusterId,
  } = step;
  let { fallbackMs } = step;
  let rechecks = 0;
  for (;;) {
    const hinted = await hintOrFallback(step, fallbackMs, hints);
    for (;;) {
      hints.clear(key);
      const { checkReadiness } = atProvider(provider, 'readinessCheck', `Check whether ${key} is ready`);
      const readiness = await checkReadiness({ key, clusterId });
      if (readiness.kind === 'ready') return readiness.access;
      fallbackMs = readiness.fallbackMs;
      const pauseMs = hinted ? recheckDelayMs(rechecks) : null;
      if (pauseMs === null) break;
      rechecks += 1;
      await sleep(pauseMs, { summary: 'The hint is not confirmed: check again' });
    }
  }
}

/**
 * True for a hint, false when the fallback time is over. The timer of the deadline runs already and ends the step, so a
 * fallback that would come later starts no timer of its own: each timer is two events and one billed action.
 */
async function hintOrFallback({ creation }: StateAt<'waiting'>, fallbackMs: number, hints: Hints): Promise<boolean> {
  const hinted = (): boolean => hints.has(creation.key);
  if (Date.now() + fallbackMs < creation.openedAtMs + creation.readyTimeoutMs) return condition(hinted, fallbackMs);
  await condition(hinted);
  return true;
}

/** A last check at the deadline: a cluster that is ready by then is not thrown away, also where no hint came. */
export async function checkAtDeadline({
  creation: { key, provider },
  clusterId,
}: StateAt<'waiting'>): Promise<ClusterReady | DeadlinePassed | CancelRequested> {
  const { checkReadiness } = atProvider(provider, 'lastReadinessCheck', `Check ${key} once more at its deadline`);
  const checked = await interruptible(() => checkReadiness({ key, clusterId }));
  if ('kind' in checked) {
    return checked.kind === 'ready' ? { type: 'clusterReady', access: checked.access } : { type: 'deadlinePassed' };
  }
  // A provider that does not answer does not delay the deadline.
  return checked.type === 'failed' ? { type: 'deadlinePassed' } : checked;
}
