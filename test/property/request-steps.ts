import type { LedgerActivities } from '../../contracts/activities.ts';
import type { Creation } from '../../contracts/creation.ts';
import { isFailureType } from '../../contracts/failures.ts';
import type { CancelRequested, DeadlinePassed, Failed, StepEvents } from '../../workflows/provision/events.ts';
import type { StateAt, StepName } from '../../workflows/provision/state.ts';
import type { Execution } from './ports.ts';
import { Trigger } from './scheduler.ts';
import { ABSENCE_STEP, activity, CREATE_STEP, Interrupted, LEDGER_STEP, READINESS_STEP, type Run } from './temporal.ts';
import { untilReady } from './waiting.ts';
import type { World } from './world.ts';

/** What the steps of a simulated run share. */
interface RunContext {
  readonly world: World;
  readonly run: Run;
  /** Whether a cancel interrupts the step. */
  readonly cancellable: boolean;
}

type PerformStep<S extends StepName> = (state: StateAt<S>, context: RunContext) => Promise<StepEvents[S]>;

/** Performs a step of the request's workflow, as workflows/provision/steps.ts does. */
export const perform = <S extends StepName>(state: StateAt<S>, context: RunContext): Promise<StepEvents[S]> =>
  STEPS[state.at](state, context);

const STEPS: { readonly [S in StepName]: PerformStep<S> } = {
  opening: ({ progress }, context) =>
    interruptible(context, async (stop) => {
      const { world, run } = context;
      const { requestId, bodyHash, team, placements } = world.plan;
      const placement = placements[progress.placementIndex];
      if (placement === undefined) throw Object.assign(new Error('no placement is left to open'), { type: 'Unknown' });
      const options = { ...LEDGER_STEP, onCancel: world.random.pick(['wait', 'abandon'] as const) };
      const input = { requestId, bodyHash, team, owner: run.workflowId, version: progress.version, placement };
      const answer = await activity(
        world,
        run,
        'openCreation',
        options,
        (by) => world.ledgerSteps(by).openCreation(input),
        stop,
      );
      return { type: 'answered', answer };
    }),

  pausing: () => Promise.resolve({ type: 'pauseOver' }),

  creating: ({ creation }, context) =>
    untilDeadline(creation, context, async (stop) => {
      const { world, run } = context;
      const { key, provider } = creation;
      const options = { ...CREATE_STEP, onCancel: 'wait' as const };
      const create = (by: Execution) => world.providerSteps(by, provider).createCluster({ key });
      return { type: 'createEnded', outcome: await activity(world, run, 'createCluster', options, create, stop) };
    }),

  waiting: async (state, context) => {
    const event = await untilDeadline(state.creation, context, async (stop) => ({
      type: 'clusterReady' as const,
      access: await untilReady(context.world, context.run, state, stop),
    }));
    return event.type === 'deadlinePassed' ? checkAtDeadline(state, context) : event;
  },

  leasing: shielded((steps, { creation: { key, number }, clusterId }, { requestId }) =>
    steps.lease({ key, requestId, number, clusterId }),
  ),
  refusing: shielded((steps, { creation: { key }, attempt, failure }) => steps.refuse({ key, attempt, failure })),
  recordingCancel: shielded((steps, _state, { requestId, run }) =>
    steps.recordCancel({
      requestId,
      cancelId: `native/${run.name}`,
      who: 'temporal',
      why: 'cancelled through Temporal',
    }),
  ),
  closing: shielded((steps, { creation: { key, epoch }, why, message }, { run }) =>
    steps.beginClosing({ key, caller: run.workflowId, epoch, why, message }),
  ),
  makingAbsent: async ({ creation: { key, provider } }, { world, run }) => {
    const options = { ...ABSENCE_STEP, onCancel: 'wait' as const };
    const makeAbsent = (by: Execution) => world.providerSteps(by, provider).makeAbsent({ key });
    return { type: 'absent', proof: await activity(world, run, 'makeAbsent', options, makeAbsent) };
  },
  settling: shielded((steps, { creation: { key }, proof }) => steps.settle({ key, proof })),
  endingFailed: shielded((steps, _state, { requestId }) => steps.endRequest({ requestId, outcome: 'failed' })),
  endingCancelled: shielded((steps, _state, { requestId }) => steps.endRequest({ requestId, outcome: 'cancelled' })),
};

/** A step at the ledger that no cancel interrupts. */
function shielded<State extends { readonly at: StepName }, Answer>(
  call: (
    steps: LedgerActivities,
    state: State,
    run: { readonly requestId: string; readonly run: Run },
  ) => Promise<Answer>,
) {
  return async (
    state: State,
    { world, run }: RunContext,
  ): Promise<{ readonly type: 'answered'; readonly answer: Answer }> => {
    const { requestId } = world.plan;
    const options = { ...LEDGER_STEP, onCancel: 'wait' as const };
    const perform = (by: Execution): Promise<Answer> => call(world.ledgerSteps(by), state, { requestId, run });
    return { type: 'answered', answer: await activity(world, run, state.at, options, perform) };
  };
}

/** A signal that a cancel of the request fires; the given one, or a new one. */
function stopAtCancel({ run, cancellable }: RunContext, stop = new Trigger()): Trigger {
  if (!cancellable) return stop;
  if (run.cancelRequested.fired) stop.fire();
  void run.cancelRequested.whenFired.then(() => {
    stop.fire();
  });
  return stop;
}

/** Work that a cancel of the request interrupts. */
async function interruptible<T>(
  context: RunContext,
  work: (stop: Trigger) => Promise<T>,
): Promise<T | Failed | CancelRequested> {
  try {
    return await work(stopAtCancel(context));
  } catch (error) {
    return interruptionOf(error, context);
  }
}

/** Interruptible work that also ends at the readiness deadline of its creation. */
async function untilDeadline<T>(
  creation: Creation,
  context: RunContext,
  work: (stop: Trigger) => Promise<T>,
): Promise<T | Failed | DeadlinePassed | CancelRequested> {
  const { scheduler } = context.world;
  const stop = new Trigger();
  const passed = new Trigger();
  const leftMs = Math.max(1, creation.openedAtMs + creation.readyTimeoutMs - scheduler.nowMs);
  const deadline = scheduler.timer(context.run, 'the readiness deadline', leftMs);
  void deadline.elapsed.then(() => {
    passed.fire();
    stop.fire();
  });
  try {
    return await work(stopAtCancel(context, stop));
  } catch (error) {
    return passed.fired ? { type: 'deadlinePassed' } : interruptionOf(error, context);
  } finally {
    deadline.cancel();
  }
}

function interruptionOf(error: unknown, { run, cancellable }: RunContext): Failed | CancelRequested {
  if (cancellable && run.cancelRequested.fired) return { type: 'cancelRequested' };
  if (error instanceof Interrupted) throw new RangeError('nothing has interrupted the step', { cause: error });
  const { type, message } = error as { readonly type?: string; readonly message: string };
  if (!isFailureType(type)) throw error;
  return { type: 'failed', failure: { type, message } };
}

/** The last check before a request gives its cluster up. A check that fails does not delay the deadline. */
async function checkAtDeadline(
  { creation: { key, provider }, clusterId }: StateAt<'waiting'>,
  context: RunContext,
): Promise<StepEvents['waiting']> {
  const { world, run } = context;
  const options = { ...READINESS_STEP, onCancel: 'abandon' as const, maxAttempts: 3 };
  const check = (by: Execution) => world.providerSteps(by, provider).checkReadiness({ key, clusterId });
  const stop = stopAtCancel(context);
  try {
    const readiness = await activity(world, run, 'last readiness check', options, check, stop);
    return readiness.kind === 'ready' ? { type: 'clusterReady', access: readiness.access } : { type: 'deadlinePassed' };
  } catch {
    return { type: stop.fired ? 'cancelRequested' : 'deadlinePassed' };
  }
}
