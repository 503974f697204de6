import { requestWorkflowId } from '../../contracts/ids.ts';
import { initialState, isEnd, phaseOf, type End } from '../../workflows/provision/state.ts';
import { perform } from './request-steps.ts';
import { activity, LEDGER_STEP, type Closed, type Run } from './temporal.ts';
import type { HistoryPoint, World } from './world.ts';

const beginning = (world: World): HistoryPoint => ({
  state: initialState(world.plan),
  cancelSeen: false,
  cancelRequested: false,
});

/** Starts a run of the request, from its beginning or from a point of an earlier run's history. */
export function startRequest(world: World, resumeAfter: readonly HistoryPoint[] = []): Run {
  const history = [...resumeAfter];
  const from = history.pop() ?? beginning(world);
  return world.temporal.start(requestWorkflowId(world.plan.requestId), (run) => {
    world.histories.push(history);
    if (from.cancelRequested) run.cancelRequested.fire();
    return provision(world, run, from, history);
  });
}

/** The loop of the request's workflow. */
async function provision(world: World, run: Run, from: HistoryPoint, history: HistoryPoint[]): Promise<Closed> {
  let { state, cancelSeen } = from;
  for (;;) {
    await run.waitFor(world.scheduler.park(run, `a task of its workflow at ${state.at}`));
    run.phase = phaseOf(state);
    if (isEnd(state)) return conclude(world, run, state);
    history.push({ state, cancelSeen, cancelRequested: run.cancelRequested.fired });
    const step = state;
    const event = await perform(step, { world, run, cancellable: !cancelSeen });
    cancelSeen ||= event.type === 'cancelRequested';
    state = world.code.decide(step, event);
    world.covered.add(`${step.at} -> ${state.at}`);
    world.note(`${run.name} ${step.at} --${event.type}--> ${state.at}`);
  }
}

async function conclude(world: World, run: Run, end: End): Promise<Closed> {
  if (end.at === 'ready') {
    if (end.listed === null) {
      const { requestId } = world.plan;
      await activity(world, run, 'readRequest', { ...LEDGER_STEP, onCancel: 'wait' }, (by) =>
        world.ledgerSteps(by).readRequest({ requestId }),
      );
    }
    return 'completed';
  }
  world.ended = end.at;
  return end.at;
}
