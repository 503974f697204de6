import { ApplicationFailure } from '@temporalio/common';
import type { Creation, LeaseTerms } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { decide } from '../../workflows/lease/decide.ts';
import { due } from '../../workflows/lease/due.ts';
import { atTheStart, carryOver, type Act, type Event, type LeaseState } from '../../workflows/lease/state.ts';
import { makeAbsentAndSettle, STEP } from './absence.ts';
import type { Execution } from './ports.ts';
import { Signal } from './scheduler.ts';
import { activity, LOOK_STEP, type Closed, type Run } from './temporal.ts';
import type { World } from './world.ts';

/** The lease's workflow: its loop by hand, its policy the real one. A run that rests goes on as itself. */
export async function lease(world: World, run: Run, creation: Creation, terms: LeaseTerms): Promise<Closed> {
  const { scheduler } = world;
  let life = atTheStart({ creation, warned: null, order: null }, terms, scheduler.nowMs);
  let changed = new Signal();
  const tell = (event: Event): void => {
    life = decide(life, event, scheduler.nowMs);
    changed.fire();
    changed = new Signal();
  };
  const withTimeout = (): void => {
    tell({ type: 'ordered', order: { who: 'somebody', why: '' } });
  };
  void run.released.fires.then(withTimeout);
  void run.cancelRequested.fires.then(withTimeout);
  for (;;) {
    for (const hint of run.hints.splice(0)) tell({ type: 'hinted', hint });
    const act = due(life, scheduler.nowMs);
    switch (act.do) {
      case 'close':
        return close(world, run, life, act);
      case 'rest':
        life = atTheStart(carryOver(life), terms, scheduler.nowMs);
        break;
      case 'wait': {
        // Nothing but its own end may come for days: no reason to call the world busy.
        const timer = scheduler.timer(run, 'the lease goes on', act.untilMs - scheduler.nowMs, true);
        await run.awaits(Promise.race([timer.elapsed, changed.fires, run.nextHint]));
        timer.cancel();
        break;
      }
      case 'look':
        void look(world, run, life.creation, tell);
        break;
      default:
        tell(await perform(world, run, life, act));
    }
  }
}

/** As of its real step (workflows/activity-options.ts). */
const LEASE_TRIES = 3;

/** Beside its loop, as the real one does. */
async function look(
  world: World,
  run: Run,
  { key, clusterId, provider }: Creation,
  tell: (event: Event) => void,
): Promise<void> {
  tell({ type: 'looking' });
  const input = { key, clusterId: clusterId ?? '' };
  const options = { ...LOOK_STEP, onCancel: 'wait' as const };
  let tries = 0;
  const inspectCluster = (by: Execution) => {
    if (++tries > LEASE_TRIES) throw ApplicationFailure.nonRetryable('given up', 'Unavailable');
    return world.providerSteps(by, provider).inspectCluster(input);
  };
  try {
    const seen = await activity(world, run, 'inspectCluster', options, inspectCluster);
    world.met.add(`inspectCluster ${seen.condition}`);
    tell({ type: 'looked', seen });
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    world.met.add('inspectCluster fails');
    tell({ type: 'lookFailed', failure: { type: 'Unknown', message: error.message } });
  }
}

async function perform(
  world: World,
  run: Run,
  life: LeaseState,
  act: Extract<Act, { do: 'read' | 'fund' | 'warn' | 'move' }>,
): Promise<Event> {
  const { key, requestId, number } = life.creation;
  switch (act.do) {
    case 'read': {
      const { creations } = await activity(world, run, 'readRequest', STEP, (by) =>
        world.ledgerSteps(by).readRequest({ requestId, key }),
      );
      return { type: 'read', creation: creations?.find((each) => each.key === key) ?? null };
    }
    case 'fund': {
      const slice = { key, untilMs: act.untilMs, who: leaseWorkflowId(requestId, number) };
      const answer = await activity(world, run, 'extendHold', STEP, (by) => world.ledgerSteps(by).extendHold(slice));
      if (answer.outcome === 'extended' && answer.creation !== null) return { type: 'held', creation: answer.creation };
      return { type: answer.outcome === 'budget-exceeded' ? 'unfunded' : 'notLeased' };
    }
    case 'warn':
      return { type: 'warned', aheadMs: act.aheadMs };
    case 'move':
      return { type: 'moved' };
  }
}

async function close(
  world: World,
  run: Run,
  { creation, terms }: LeaseState,
  { why, message }: Act & { do: 'close' },
): Promise<Closed> {
  const { key, requestId, number, epoch } = creation;
  const closing = { key, caller: leaseWorkflowId(requestId, number), epoch, why, message };
  const answer = await activity(world, run, 'beginClosing', STEP, (by) => world.ledgerSteps(by).beginClosing(closing));
  const ended = answer.outcome === 'closing' ? await makeAbsentAndSettle(world, run, creation) : answer.creation;
  if (ended?.why === 'Broken' && terms.onBroken === 'reprovision' && !run.released.fired) {
    await activity(world, run, 'reprovision', STEP, (by) => world.ledgerSteps(by).reprovision({ creation: ended }));
  }
  return 'completed';
}
