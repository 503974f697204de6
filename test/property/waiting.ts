import type { ClusterAccess } from '../../contracts/cluster.ts';
import { recheckDelayMs } from '../../workflows/recheck-delay.ts';
import type { StateAt } from '../../workflows/provision/state.ts';
import type { Execution } from './ports.ts';
import type { Trigger } from './scheduler.ts';
import { activity, Interrupted, READINESS_STEP, type Run } from './temporal.ts';
import type { World } from './world.ts';

const DAY_MS = 24 * 3_600_000;
const NEVER_MS = Number.MAX_SAFE_INTEGER;

/** Waits until the cluster is ready, as workflows/provision/waiting.ts does. */
export async function untilReady(
  world: World,
  run: Run,
  { creation: { key, provider, openedAtMs, readyTimeoutMs }, clusterId, fallbackMs: first }: StateAt<'waiting'>,
  stop: Trigger,
): Promise<ClusterAccess> {
  const { scheduler } = world;
  const options = { ...READINESS_STEP, onCancel: 'abandon' as const };
  const check = (by: Execution) => world.providerSteps(by, provider).checkReadiness({ key, clusterId });
  const sleep = async (label: string, ms: number, woken: readonly Promise<unknown>[]): Promise<void> => {
    const timer = scheduler.timer(run, label, ms, ms > DAY_MS);
    await run.waitFor(Promise.race([timer.elapsed, stop.whenFired, ...woken]));
    timer.cancel();
    if (stop.fired) throw new Interrupted();
  };
  let fallbackMs = first;
  let rechecks = 0;
  for (;;) {
    const hinted = (): boolean => run.hints.some((hint) => hint.key === key || hint.key === null);
    // The timer of the deadline ends the step, so a fallback after it starts no timer.
    const untilMs =
      scheduler.nowMs + fallbackMs < openedAtMs + readyTimeoutMs ? scheduler.nowMs + fallbackMs : NEVER_MS;
    while (!hinted() && scheduler.nowMs < untilMs) await sleep('no hint', untilMs - scheduler.nowMs, [run.nextHint]);
    const wasHinted = hinted();
    for (;;) {
      run.hints.length = 0;
      const readiness = await activity(world, run, 'checkReadiness', options, check, stop);
      world.covered.add(`checkReadiness ${readiness.kind}${wasHinted ? ', hinted' : ''}`);
      if (readiness.kind === 'ready') return readiness.access;
      fallbackMs = readiness.fallbackMs;
      const pauseMs = wasHinted ? recheckDelayMs(rechecks) : null;
      if (pauseMs === null) break;
      rechecks += 1;
      await sleep('the next recheck', pauseMs, []);
    }
  }
}
