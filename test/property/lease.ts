import { ApplicationFailure } from '@temporalio/common';
import type { Creation } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { decide } from '../../workflows/lease/decide.ts';
import type { LeaseEvent } from '../../workflows/lease/events.ts';
import { nextAction, type LeaseAction } from '../../workflows/lease/next-action.ts';
import { carryOver, initialState, type LeaseState } from '../../workflows/lease/state.ts';
import { makeAbsentAndSettle, SHIELDED_LEDGER_STEP } from './absence.ts';
import type { Execution } from './ports.ts';
import { Trigger } from './scheduler.ts';
import { activity, READINESS_STEP, type Closed, type Run } from './temporal.ts';
import type { World } from './world.ts';

/** The lease's workflow: a loop of its own around the real policy. A new run goes on within the same loop. */
export async function lease(world: World, run: Run, creation: Creation): Promise<Closed> {
  const { scheduler } = world;
  let state = initialState({ creation }, scheduler.nowMs);
  let changed = new Trigger();
  const record = (event: LeaseEvent): void => {
    state = decide(state, event, scheduler.nowMs);
    changed.fire();
    changed = new Trigger();
  };
  const release = (): void => {
    record({ type: 'releaseOrdered', order: { who: 'somebody', why: '' } });
  };
  void run.released.whenFired.then(release);
  void run.cancelRequested.whenFired.then(release);
  for (;;) {
    for (const hint of run.hints.splice(0)) record({ type: 'hinted', hint });
    const action = nextAction(state, scheduler.nowMs);
    switch (action.do) {
      case 'read-row': {
        const { key } = state.creation;
        const read = (by: Execution) => world.ledgerSteps(by).readCreation({ key });
        const row = await activity(world, run, 'readCreation', SHIELDED_LEDGER_STEP, read);
        record({ type: 'rowRead', creation: row });
        break;
      }
      case 'close':
        return close(world, run, state, action);
      case 'warn':
        record({ type: 'warned', aheadMs: action.aheadMs });
        break;
      case 'hold-money':
        record(await holdMoney(world, run, state, action.untilMs));
        break;
      case 'move-expiry':
        record({ type: 'moved' });
        break;
      case 'inspect':
        void inspect(world, run, state.creation, record);
        break;
      case 'continue-as-new':
        state = initialState(carryOver(state), scheduler.nowMs);
        break;
      case 'wait': {
        // A lease may wait for days. Its timer does not keep the world busy.
        const timer = scheduler.timer(run, 'the lease goes on', action.untilMs - scheduler.nowMs, true);
        await run.waitFor(Promise.race([timer.elapsed, changed.whenFired, run.nextHint]));
        timer.cancel();
        break;
      }
    }
  }
}

/** As in workflows/activity-options.ts. */
const LEASE_TRIES = 3;

/** Runs beside the loop, as in the real lease. */
async function inspect(
  world: World,
  run: Run,
  { key, clusterId, provider }: Creation,
  record: (event: LeaseEvent) => void,
): Promise<void> {
  record({ type: 'inspectionStarted' });
  const input = { key, clusterId: clusterId ?? '' };
  const options = { ...READINESS_STEP, onCancel: 'wait' as const };
  let tries = 0;
  const inspectCluster = (by: Execution) => {
    if (++tries > LEASE_TRIES) throw ApplicationFailure.nonRetryable('given up', 'Unavailable');
    return world.providerSteps(by, provider).inspectCluster(input);
  };
  try {
    const seen = await activity(world, run, 'inspectCluster', options, inspectCluster);
    world.covered.add(`inspectCluster ${seen.condition}`);
    record({ type: 'inspected', seen });
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    world.covered.add('inspectCluster fails');
    record({ type: 'inspectionFailed', failure: { type: 'Unknown', message: error.message } });
  }
}

async function holdMoney(world: World, run: Run, { creation }: LeaseState, untilMs: number): Promise<LeaseEvent> {
  const { key, requestId, number } = creation;
  const input = { key, untilMs, who: leaseWorkflowId(requestId, number) };
  const extendHold = (by: Execution) => world.ledgerSteps(by).extendHold(input);
  const answer = await activity(world, run, 'extendHold', SHIELDED_LEDGER_STEP, extendHold);
  if (answer.outcome === 'extended' && answer.creation !== null) return { type: 'held', creation: answer.creation };
  return { type: answer.outcome === 'budget-exceeded' ? 'holdRefused' : 'notLeased' };
}

async function close(
  world: World,
  run: Run,
  { creation }: LeaseState,
  { why, message }: Extract<LeaseAction, { do: 'close' }>,
): Promise<Closed> {
  const { key, requestId, number, epoch, terms } = creation;
  const input = { key, caller: leaseWorkflowId(requestId, number), epoch, why, message };
  const beginClosing = (by: Execution) => world.ledgerSteps(by).beginClosing(input);
  const answer = await activity(world, run, 'beginClosing', SHIELDED_LEDGER_STEP, beginClosing);
  const ended = answer.outcome === 'closing' ? await makeAbsentAndSettle(world, run, creation) : answer.creation;
  if (ended?.why === 'Broken' && terms.onBroken === 'reprovision' && !run.released.fired) {
    const reprovision = (by: Execution) => world.ledgerSteps(by).reprovision({ creation: ended });
    await activity(world, run, 'reprovision', SHIELDED_LEDGER_STEP, reprovision);
  }
  return 'completed';
}
