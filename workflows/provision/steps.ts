import { CancellationScope, sleep, workflowInfo } from '@temporalio/workflow';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { EXHAUSTED_PAUSE_DOUBLINGS, EXHAUSTED_PAUSE_MS } from '../../contracts/limits.ts';
import { withExpiry, priceCapFailure } from '../../contracts/opening.ts';
import type { Plan } from '../../contracts/plan.ts';
import { atProvider, ledger } from '../activity-options.ts';
import { asApplicationFailure, failureOf } from '../failures.ts';
import type { Hints } from './hints.ts';
import { creationOf, isForward, type End, type Event, type ForwardStep, type Progress, type Step } from './state.ts';
import { lastReadinessCheck, untilUsable } from './waiting.ts';

/** Steps that are shielded from cancellation. */
type ShieldedStep = Exclude<Step, ForwardStep | End>;

/** Time for a provider's worker to come back and read a row (policy). */
const READ_MS = 10 * 60_000;

/** Performs a step and tells what it came to. */
export async function perform(plan: Plan, progress: Progress, step: Exclude<Step, End>, hints: Hints): Promise<Event> {
  if (isForward(step)) return withDeadline(step, () => forward(plan, progress, step, hints));
  return CancellationScope.nonCancellable(() => shielded(plan, step));
}

async function forward(plan: Plan, progress: Progress, step: ForwardStep, hints: Hints): Promise<Event> {
  switch (step.at) {
    case 'opening': {
      const refusal = plan.placements[progress.placementIndex]?.refusal;
      if (refusal !== undefined) return { type: 'stepFailed', failure: refusal };
      return { type: 'answered', answer: await openCreation(plan, progress) };
    }
    case 'pausing':
      await pause(plan, progress.rounds);
      return { type: 'pauseOver' };
    case 'creating': {
      const { key, provider, region, placementIndex } = step.creation;
      const { createCluster } = atProvider(provider, 'createCall', `Create ${key} at ${provider} in ${region}`);
      const outcome = await createCluster({ key });
      // What the provider bills may be more than the list said.
      const tooDear =
        outcome.kind === 'created'
          ? priceCapFailure(outcome.hourlyMicros, plan.placements[placementIndex]?.maxHourlyMicros)
          : null;
      return tooDear === null ? { type: 'create', outcome } : { type: 'stepFailed', failure: tooDear };
    }
    case 'waiting':
      return { type: 'usable', access: await untilUsable(step, hints) };
  }
}

/** Longer after each round in vain. */
async function pause({ exhaustedPauseMs = EXHAUSTED_PAUSE_MS }: Plan, rounds: number): Promise<void> {
  await sleep(exhaustedPauseMs * 2 ** Math.min(rounds, EXHAUSTED_PAUSE_DOUBLINGS), {
    summary: 'All placements were refused: wait, then try them again',
  });
}

async function openCreation(plan: Plan, progress: Progress): ReturnType<ReturnType<typeof ledger>['openCreation']> {
  const placement = plan.placements[progress.placementIndex];
  // A resumed run may stand past its last placement; the ledger then tells what stands, and opens nothing new.
  if (placement === undefined) throw asApplicationFailure({ type: 'Unknown', message: 'no placement is left to open' });
  return ledger(`Hold budget and open a creation in ${placement.region}`).openCreation({
    requestId: plan.requestId,
    bodyHash: plan.bodyHash,
    team: plan.team,
    owner: requestWorkflowId(plan.requestId),
    version: progress.version,
    placement: withExpiry(placement, Date.now()),
  });
}

async function shielded(plan: Plan, step: ShieldedStep): Promise<Event> {
  const { requestId } = plan;
  switch (step.at) {
    case 'leasing': {
      const { key, number } = step.creation;
      const { lease } = ledger('Lease: the point of no return');
      return { type: 'answered', answer: await lease({ key, requestId, number, clusterId: step.clusterId }) };
    }
    case 'refusing': {
      const { creation, attempt, failure } = step;
      const { refuse } = ledger(`Refused by ${creation.provider}: free the hold`);
      return { type: 'answered', answer: await refuse({ key: creation.key, attempt, failure }) };
    }
    case 'recordingCancel': {
      // A cancel that came through Temporal alone has no id of its own: the run's stands for it.
      const cancelId = `native/${workflowInfo().runId}`;
      const order = { requestId, cancelId, who: 'temporal', why: 'cancelled through Temporal' };
      return { type: 'answered', answer: await ledger('Record the cancel').recordCancel(order) };
    }
    case 'closing': {
      const { creation, why, message } = step;
      const { beginClosing } = ledger(`Close ${creation.key}: ${why}`);
      const caller = requestWorkflowId(requestId);
      return {
        type: 'answered',
        answer: await beginClosing({ key: creation.key, caller, epoch: creation.epoch, why, message }),
      };
    }
    case 'makingAbsent': {
      const { key, provider } = step.creation;
      const { makeAbsent } = atProvider(provider, 'untilGone', `Delete ${key} and prove it gone`);
      return { type: 'absent', proof: await makeAbsent({ key }) };
    }
    case 'settling': {
      const { settle } = ledger('Book the cost and free the hold');
      return { type: 'answered', answer: await settle({ key: step.creation.key, proof: step.proof }) };
    }
    case 'endingFailed':
      return { type: 'answered', answer: await ledger('End the request').endRequest({ requestId, outcome: 'failed' }) };
    case 'endingCancelled':
      return {
        type: 'answered',
        answer: await ledger('End the request, cancelled').endRequest({ requestId, outcome: 'cancelled' }),
      };
  }
}

/** A forward step ends in its answer, its failure, its creation's deadline, or a cancel of the request. */
async function withDeadline(step: ForwardStep, run: () => Promise<Event>): Promise<Event> {
  const creation = creationOf(step);
  const work = new CancellationScope();
  const deadline = { passed: false };
  const timer = new CancellationScope();
  if (creation !== null) {
    // What was made already has only to be read from the ledger; then it has a look at its deadline.
    const leastMs = step.at === 'creating' && creation.clusterId !== null ? READ_MS : 1;
    const leftMs = Math.max(leastMs, creation.openedAtMs + creation.readyTimeoutMs - Date.now());
    void timer
      .run(() => sleep(leftMs, { summary: `Readiness deadline of ${creation.key}` }))
      .then(() => {
        deadline.passed = true;
        work.cancel();
      })
      .catch(() => undefined);
  }
  try {
    return await work.run(run);
  } catch (error) {
    if (deadline.passed) return await atDeadline(step);
    if (CancellationScope.current().consideredCancelled) return { type: 'cancelRequested' };
    return { type: 'stepFailed', failure: failureOf(error) };
  } finally {
    timer.cancel();
  }
}

/** A request that waits for hints looks by itself before it gives its cluster up. */
async function atDeadline(step: ForwardStep): Promise<Event> {
  if (step.at !== 'waiting') return { type: 'deadlinePassed' };
  try {
    const access = await lastReadinessCheck(step);
    return access === null ? { type: 'deadlinePassed' } : { type: 'usable', access };
  } catch {
    return { type: 'cancelRequested' };
  }
}
