import { closeAtDeadline, closeAfterFailure, recordCancel, skipOrFail } from './interruptions.ts';
import type { StepEvents } from './events.ts';
import { follow, withVersion } from './follow.ts';
import { nextRound, skipPlacement } from './placements.ts';
import { goTo, type State, type StateAt, type StepName } from './state.ts';

/**
 * The whole policy of a request, as a pure function: which step follows from what the last step came to.
 *
 * The ledger's answer wins over what the run believed. After a reset or a resubmit, any answer may say that the creation
 * is leased, closing, ended or cancelled, and the run follows it.
 */
export function decide<S extends StepName>(state: StateAt<S>, event: StepEvents[S]): State {
  return DECISIONS[state.at](state, event);
}

/** Every step with everything that it can come to. The compiler refuses a missing step and a missing case. */
const DECISIONS: { readonly [S in StepName]: (state: StateAt<S>, event: StepEvents[S]) => State } = {
  opening: (state, event) => {
    switch (event.type) {
      case 'answered':
        return opened(state, event);
      case 'failed':
        return skipOrFail(state, event.failure);
      case 'cancelRequested':
        return recordCancel(state.progress, null);
    }
  },
  pausing: ({ progress }, event) => {
    switch (event.type) {
      case 'pauseOver':
        return goTo(nextRound(progress), { at: 'opening' });
      case 'cancelRequested':
        return recordCancel(progress, null);
    }
  },
  creating: (state, event) => {
    switch (event.type) {
      case 'createEnded':
        return createEnded(state, event);
      case 'failed':
        return closeAfterFailure(state, event.failure);
      case 'deadlinePassed':
        return closeAtDeadline(state);
      case 'cancelRequested':
        return recordCancel(state.progress, state.creation);
    }
  },
  waiting: (state, event) => {
    const { progress, creation, clusterId } = state;
    switch (event.type) {
      case 'clusterReady':
        return goTo(progress, { at: 'leasing', creation, clusterId, access: event.access });
      case 'failed':
        return closeAfterFailure(state, event.failure);
      case 'deadlinePassed':
        return closeAtDeadline(state);
      case 'cancelRequested':
        return recordCancel(progress, creation);
    }
  },
  leasing: leaseAnswered,
  refusing: ({ progress, creation, failure }, { answer }) => {
    switch (answer.outcome) {
      case 'not-refusable':
        return goTo(withVersion(progress, answer), {
          at: 'closing',
          creation,
          why: failure.type,
          message: failure.message,
        });
      case 'refused':
      case 'not-open':
        return follow(progress, answer);
    }
  },
  recordingCancel: ({ progress }, { answer }) => follow(progress, answer),
  closing: ({ progress }, { answer }) => follow(progress, answer),
  makingAbsent: ({ progress, creation }, { proof }) => goTo(progress, { at: 'settling', creation, proof }),
  settling: ({ progress }, { answer }) => follow(progress, answer),
  endingFailed: ({ progress, failure }, { answer }) => {
    switch (answer.outcome) {
      case 'ended':
        return goTo(withVersion(progress, answer), { at: 'failed', failure, listed: answer });
      case 'active':
        return follow(progress, answer);
    }
  },
  endingCancelled: ({ progress }, { answer }) => {
    switch (answer.outcome) {
      case 'ended':
        return goTo(withVersion(progress, answer), { at: 'cancelled' });
      case 'active':
        return follow(progress, answer);
    }
  },
};

function opened(
  { progress }: StateAt<'opening'>,
  { answer }: Extract<StepEvents['opening'], { type: 'answered' }>,
): State {
  switch (answer.outcome) {
    case 'stale-version':
      return goTo(withVersion(progress, answer), { at: 'opening' });
    case 'budget-exceeded':
      return skipPlacement(withVersion(progress, answer), progress.placementIndex, {
        type: 'BudgetExceeded',
        message: "the team's budget has no room for the hold of this placement",
      });
    case 'opened':
    case 'existing':
    case 'cancelled':
    case 'conflict':
      return follow(progress, answer);
  }
}

function createEnded(
  { progress, creation }: StateAt<'creating'>,
  { outcome }: Extract<StepEvents['creating'], { type: 'createEnded' }>,
): State {
  switch (outcome.kind) {
    case 'created':
      return goTo(progress, {
        at: 'waiting',
        creation,
        clusterId: outcome.clusterId,
        fallbackMs: outcome.fallbackMs,
      });
    case 'refused':
      return goTo(progress, { at: 'refusing', creation, attempt: outcome.attempt, failure: outcome.failure });
    case 'closed':
      return goTo(progress, { at: 'opening' });
  }
}

function leaseAnswered({ progress, creation, access }: StateAt<'leasing'>, { answer }: StepEvents['leasing']): State {
  switch (answer.outcome) {
    case 'leased':
      return answer.creation === null
        ? follow(progress, answer)
        : goTo(withVersion(progress, answer), { at: 'ready', creation: answer.creation, access, listed: answer });
    case 'other-cluster': {
      const message = `the cluster that became ready is not the one recorded for ${creation.key}`;
      return goTo(withVersion(progress, answer), { at: 'closing', creation, why: 'ClusterFailed', message });
    }
    case 'cancelled':
    case 'not-open':
      return follow(progress, answer);
  }
}
