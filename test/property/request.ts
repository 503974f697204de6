import { requestWorkflowId } from '../../contracts/ids.ts';
import { isFailureType, type Failure } from '../../contracts/failures.ts';
import {
  creationOf,
  isEnd,
  isForward,
  initialProgress,
  phaseOf,
  type End,
  type Event,
  type ForwardStep,
  type Progress,
  type State,
  type Step,
} from '../../workflows/provision/state.ts';
import type { Execution } from './ports.ts';
import { Signal } from './scheduler.ts';
import {
  ABSENCE_STEP,
  activity,
  CREATE_STEP,
  Interrupted,
  LEDGER_STEP,
  LOOK_STEP,
  type Closed,
  type Run,
} from './temporal.ts';
import { untilUsable } from './waiting.ts';
import type { World } from './world.ts';

/** Where a run's history may be cut: what a Reset to there resumes with. */
export interface Snapshot {
  readonly state: State;
  readonly cancelMet: boolean;
  readonly cancelRequested: boolean;
}

const BEGINNING = (world: World): Snapshot => ({
  state: { at: 'opening', progress: initialProgress(world.plan) },
  cancelMet: false,
  cancelRequested: false,
});

/** Starts a run of the request, from its beginning or from a point of an earlier run's history. */
export function startRequest(world: World, resumeAfter: readonly Snapshot[] = []): Run {
  const history = [...resumeAfter];
  const from = history.pop() ?? BEGINNING(world);
  return world.temporal.start(requestWorkflowId(world.plan.requestId), (run) => {
    world.histories.push(history);
    if (from.cancelRequested) run.cancelRequested.fire();
    return provision(world, run, from, history);
  });
}

/** The loop of the request's workflow. */
async function provision(world: World, run: Run, from: Snapshot, history: Snapshot[]): Promise<Closed> {
  let { state, cancelMet } = from;
  for (;;) {
    await run.awaits(world.scheduler.park(run, `a task of its workflow at ${state.at}`));
    run.phase = phaseOf(state);
    if (isEnd(state)) return conclude(world, run, state);
    history.push({ state, cancelMet, cancelRequested: run.cancelRequested.fired });
    const event: Event = await perform(world, run, state.progress, state, !cancelMet);
    cancelMet ||= event.type === 'cancelRequested';
    const from = state.at;
    state = world.code.decide(state, event);
    world.met.add(`${from} -> ${state.at}`);
    world.note(`${run.name} ${from} --${event.type}--> ${state.at}`);
  }
}

async function conclude(world: World, run: Run, end: End): Promise<Closed> {
  if (end.at === 'ready' && end.creations === null) {
    const { requestId } = world.plan;
    await activity(world, run, 'readRequest', { ...LEDGER_STEP, onCancel: 'wait' }, (by) =>
      world.ledgerSteps(by).readRequest({ requestId }),
    );
  }
  if (end.at === 'ready') return 'completed';
  world.ended = end.at;
  return end.at;
}

type ShieldedStep = Exclude<Step, ForwardStep | End>;

function perform(
  world: World,
  run: Run,
  progress: Progress,
  step: Exclude<Step, End>,
  cancellable: boolean,
): Promise<Event> {
  return isForward(step) ? withDeadline(world, run, progress, step, cancellable) : shielded(world, run, step);
}

async function forward(world: World, run: Run, progress: Progress, step: ForwardStep, stop: Signal): Promise<Event> {
  const { plan, random } = world;
  switch (step.at) {
    case 'opening': {
      const placement = plan.placements[progress.placementIndex];
      if (placement === undefined) throw Object.assign(new Error('no placement is left to open'), { type: 'Unknown' });
      const options = { ...LEDGER_STEP, onCancel: random.pick(['wait', 'abandon'] as const) };
      const { requestId, bodyHash, team } = plan;
      const order = { requestId, bodyHash, team, owner: run.workflowId, version: progress.version, placement };
      const open = activity(world, run, 'open', options, (by) => world.ledgerSteps(by).openCreation(order), stop);
      return { type: 'answered', answer: await open };
    }
    case 'pausing':
      return { type: 'pauseOver' };
    case 'creating': {
      const { key, provider } = step.creation;
      const options = { ...CREATE_STEP, onCancel: 'wait' as const };
      const create = (by: Parameters<World['providerSteps']>[0]) =>
        world.providerSteps(by, provider).createCluster({ key });
      return { type: 'create', outcome: await activity(world, run, 'create', options, create, stop) };
    }
    case 'waiting':
      return { type: 'usable', access: await untilUsable(world, run, step, stop) };
  }
}

/** A forward step ends in its answer, its failure, its creation's deadline, or a cancel of the request. */
async function withDeadline(
  world: World,
  run: Run,
  progress: Progress,
  step: ForwardStep,
  cancellable: boolean,
): Promise<Event> {
  const { scheduler } = world;
  const creation = creationOf(step);
  const stop = new Signal();
  const passed = new Signal();
  const leftMs = creation ? Math.max(1, creation.openedAtMs + creation.readyTimeoutMs - scheduler.nowMs) : 0;
  const deadline = creation ? scheduler.timer(run, 'the readiness deadline', leftMs) : undefined;
  void deadline?.elapsed.then(() => {
    passed.fire();
    stop.fire();
  });
  if (cancellable) {
    if (run.cancelRequested.fired) stop.fire();
    void run.cancelRequested.fires.then(() => {
      stop.fire();
    });
  }
  try {
    return await forward(world, run, progress, step, stop);
  } catch (error) {
    if (passed.fired) {
      return step.at === 'waiting' ? await atDeadline(world, run, step, cancellable) : { type: 'deadlinePassed' };
    }
    if (cancellable && run.cancelRequested.fired) return { type: 'cancelRequested' };
    if (error instanceof Interrupted) throw new RangeError('interrupted by nobody', { cause: error });
    return { type: 'stepFailed', failure: failureOf(error) };
  } finally {
    deadline?.cancel();
  }
}

/** The look of its own before a request gives its cluster up. */
async function atDeadline(
  world: World,
  run: Run,
  { creation: { key, provider }, clusterId }: Extract<ForwardStep, { at: 'waiting' }>,
  cancellable: boolean,
): Promise<Event> {
  const stop = new Signal();
  if (cancellable) {
    if (run.cancelRequested.fired) stop.fire();
    void run.cancelRequested.fires.then(() => {
      stop.fire();
    });
  }
  const options = { ...LOOK_STEP, onCancel: 'abandon' as const, maxAttempts: 3 };
  try {
    const check = (by: Execution) => world.providerSteps(by, provider).checkReadiness({ key, clusterId });
    const readiness = await activity(world, run, 'last readiness check', options, check, stop);
    if (readiness.kind === 'ready') return { type: 'usable', access: readiness.access };
    return { type: 'deadlinePassed' };
  } catch {
    return { type: stop.fired ? 'cancelRequested' : 'deadlinePassed' };
  }
}

function failureOf(error: unknown): Failure {
  const { type, message } = error as { readonly type?: string; readonly message: string };
  if (!isFailureType(type)) throw error;
  return { type, message };
}

async function shielded(world: World, run: Run, step: ShieldedStep): Promise<Event> {
  const { requestId } = world.plan;
  if (step.at === 'makingAbsent') {
    const { key, provider } = step.creation;
    const options = { ...ABSENCE_STEP, onCancel: 'wait' as const };
    const proof = await activity(world, run, 'makeAbsent', options, (by) =>
      world.providerSteps(by, provider).makeAbsent({ key }),
    );
    return { type: 'absent', proof };
  }
  const callLedger = (
    by: Parameters<World['ledgerSteps']>[0],
  ): Promise<Extract<Event, { type: 'answered' }>['answer']> => {
    const steps = world.ledgerSteps(by);
    switch (step.at) {
      case 'leasing': {
        const { key, number } = step.creation;
        return steps.lease({ key, requestId, number, clusterId: step.clusterId });
      }
      case 'refusing':
        return steps.refuse({ key: step.creation.key, attempt: step.attempt, failure: step.failure });
      case 'recordingCancel': {
        const cancelId = `native/${run.name}`;
        return steps.recordCancel({ requestId, cancelId, who: 'temporal', why: 'cancelled through Temporal' });
      }
      case 'closing': {
        const { creation, why, message } = step;
        return steps.beginClosing({ key: creation.key, caller: run.workflowId, epoch: creation.epoch, why, message });
      }
      case 'settling':
        return steps.settle({ key: step.creation.key, proof: step.proof });
      case 'endingFailed':
        return steps.endRequest({ requestId, outcome: 'failed' });
      case 'endingCancelled':
        return steps.endRequest({ requestId, outcome: 'cancelled' });
    }
  };
  return {
    type: 'answered',
    answer: await activity(world, run, step.at, { ...LEDGER_STEP, onCancel: 'wait' }, callLedger),
  };
}
