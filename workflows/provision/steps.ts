import { CancellationScope, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { EXHAUSTED_PAUSE_DOUBLINGS } from '../../contracts/limits.ts';
import { priceCapFailure, withExpiry } from '../../contracts/opening.ts';
import type { Plan } from '../../contracts/plan.ts';
import { atProvider, ledger } from '../activity-options.ts';
import { asApplicationFailure } from '../failures.ts';
import type { StepEvents } from './events.ts';
import type { Hints } from './hints.ts';
import { interruptible, untilDeadline } from './interruptible.ts';
import type { StateAt, StepName } from './state.ts';
import { checkAtDeadline, untilReady } from './waiting.ts';

/** What all steps of a run share. */
export interface RunContext {
  readonly plan: Plan;
  readonly hints: Hints;
}

type PerformStep<S extends StepName> = (state: StateAt<S>, run: RunContext) => Promise<StepEvents[S]>;

/** Performs a step and returns what it came to. */
export const perform = <S extends StepName>(state: StateAt<S>, run: RunContext): Promise<StepEvents[S]> =>
  STEPS[state.at](state, run);

/** Time for a provider's worker to come back and read a row (policy). */
const READ_MS = 10 * 60_000;

/** Steps whose work nothing interrupts: a cancel waits for them. */
const shielded =
  <S extends StepName>(performStep: PerformStep<S>): PerformStep<S> =>
  (state, run) =>
    CancellationScope.nonCancellable(() => performStep(state, run));

const STEPS: { readonly [S in StepName]: PerformStep<S> } = {
  opening: ({ progress }, { plan }) =>
    interruptible(async () => {
      const placement = plan.placements[progress.placementIndex];
      // A resumed run may be past its last placement: it fails here, and the ledger says at the end what is left.
      if (placement === undefined) {
        throw asApplicationFailure({ type: 'Unknown', message: 'no placement is left to open' });
      }
      if (placement.refusal !== null) return { type: 'failed', failure: placement.refusal };
      const { openCreation } = ledger(`Hold budget and open a creation in ${placement.region}`);
      const answer = await openCreation({
        requestId: plan.requestId,
        bodyHash: plan.bodyHash,
        team: plan.team,
        owner: requestWorkflowId(plan.requestId),
        version: progress.version,
        placement: withExpiry(placement, Date.now()),
      });
      return { type: 'answered', answer };
    }),

  pausing: async ({ progress }, { plan }) => {
    // Longer after each round.
    const pauseMs = plan.exhaustedPauseMs * 2 ** Math.min(progress.rounds, EXHAUSTED_PAUSE_DOUBLINGS);
    try {
      await sleep(pauseMs, { summary: 'All placements were refused: wait, then try them again' });
      return { type: 'pauseOver' };
    } catch (error) {
      if (isCancellation(error)) return { type: 'cancelRequested' };
      throw error;
    }
  },

  creating: ({ creation }, { plan }) => {
    const { key, provider, region, placementIndex, clusterId } = creation;
    // A cluster that was made already has only to be read from the ledger. It then gets a check at its deadline.
    return untilDeadline(creation, clusterId === null ? 1 : READ_MS, async () => {
      const { createCluster } = atProvider(provider, 'createCall', `Create ${key} at ${provider} in ${region}`);
      const outcome = await createCluster({ key });
      // The provider may bill more than was planned.
      const cap = plan.placements[placementIndex]?.maxHourlyMicros ?? null;
      const tooExpensive = outcome.kind === 'created' ? priceCapFailure(outcome.hourlyMicros, cap) : null;
      return tooExpensive === null ? { type: 'createEnded', outcome } : { type: 'failed', failure: tooExpensive };
    });
  },

  waiting: async (state, { hints }) => {
    const event = await untilDeadline(state.creation, 1, async () => ({
      type: 'clusterReady' as const,
      access: await untilReady(state, hints),
    }));
    return event.type === 'deadlinePassed' ? checkAtDeadline(state) : event;
  },

  leasing: shielded(async ({ creation: { key, number }, clusterId }, { plan: { requestId } }) => {
    const { lease } = ledger('Lease: the point of no return');
    return { type: 'answered', answer: await lease({ key, requestId, number, clusterId }) };
  }),

  refusing: shielded(async ({ creation: { key, provider }, attempt, failure }) => {
    const { refuse } = ledger(`Refused by ${provider}: free the hold`);
    return { type: 'answered', answer: await refuse({ key, attempt, failure }) };
  }),

  recordingCancel: shielded(async (_state, { plan: { requestId } }) => {
    // A cancel through Temporal has no id of its own: the run's id stands for it.
    const cancelId = `native/${workflowInfo().runId}`;
    const order = { requestId, cancelId, who: 'temporal', why: 'cancelled through Temporal' };
    return { type: 'answered', answer: await ledger('Record the cancel').recordCancel(order) };
  }),

  closing: shielded(async ({ creation: { key, epoch }, why, message }, { plan }) => {
    const { beginClosing } = ledger(`Close ${key}: ${why}`);
    const caller = requestWorkflowId(plan.requestId);
    return { type: 'answered', answer: await beginClosing({ key, caller, epoch, why, message }) };
  }),

  makingAbsent: shielded(async ({ creation: { key, provider } }) => {
    const { makeAbsent } = atProvider(provider, 'untilGone', `Delete ${key} and prove it gone`);
    return { type: 'absent', proof: await makeAbsent({ key }) };
  }),

  settling: shielded(async ({ creation: { key }, proof }) => {
    const { settle } = ledger('Book the cost and free the hold');
    return { type: 'answered', answer: await settle({ key, proof }) };
  }),

  endingFailed: shielded(async (_state, { plan: { requestId } }) => {
    const { endRequest } = ledger('End the request');
    return { type: 'answered', answer: await endRequest({ requestId, outcome: 'failed' }) };
  }),

  endingCancelled: shielded(async (_state, { plan: { requestId } }) => {
    const { endRequest } = ledger('End the request, cancelled');
    return { type: 'answered', answer: await endRequest({ requestId, outcome: 'cancelled' }) };
  }),
};
