import type { ClusterAccess } from '../../contracts/cluster.ts';
import { recheckDelayMs } from '../../workflows/recheck-delay.ts';
import type { Step } from '../../workflows/provision/state.ts';
import type { Execution } from './ports.ts';
import type { Signal } from './scheduler.ts';
import { activity, Interrupted, LOOK_STEP, type Run } from './temporal.ts';
import type { World } from './world.ts';

type WaitingStep = Extract<Step, { at: 'waiting' }>;
const DAY_MS = 24 * 3_600_000;
const NEVER_MS = Number.MAX_SAFE_INTEGER;

/** The waiting step's wait: for hints, with a look of its own now and then. */
export async function untilUsable(
  world: World,
  run: Run,
  { creation: { key, provider, openedAtMs, readyTimeoutMs }, clusterId, fallbackMs: first }: WaitingStep,
  stop: Signal,
): Promise<ClusterAccess> {
  const { scheduler } = world;
  const options = { ...LOOK_STEP, onCancel: 'abandon' as const };
  const check = (by: Execution) => world.providerSteps(by, provider).checkReadiness({ key, clusterId });
  const sleep = async (label: string, ms: number, woken: readonly Promise<unknown>[]): Promise<void> => {
    const timer = scheduler.timer(run, label, ms, ms > DAY_MS);
    await run.awaits(Promise.race([timer.elapsed, stop.fires, ...woken]));
    timer.cancel();
    if (stop.fired) throw new Interrupted();
  };
  let fallbackMs = first;
  let rechecks = 0;
  for (;;) {
    const hinted = (): boolean => run.hints.some((hint) => hint.key === key || hint.key === null);
    // The deadline's own timer ends the step: one that would come later is not started.
    const untilMs =
      scheduler.nowMs + fallbackMs < openedAtMs + readyTimeoutMs ? scheduler.nowMs + fallbackMs : NEVER_MS;
    while (!hinted() && scheduler.nowMs < untilMs) await sleep('no hint', untilMs - scheduler.nowMs, [run.nextHint]);
    const asked = hinted();
    for (;;) {
      run.hints.length = 0;
      const readiness = await activity(world, run, 'checkReadiness', options, check, stop);
      world.met.add(`checkReadiness ${readiness.kind}${asked ? ', hinted' : ''}`);
      if (readiness.kind === 'ready') return readiness.access;
      fallbackMs = readiness.fallbackMs;
      const pauseMs = asked ? recheckDelayMs(rechecks) : null;
      if (pauseMs === null) break;
      rechecks += 1;
      await sleep('a doubt', pauseMs, []);
    }
  }
}
