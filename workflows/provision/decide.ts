import type { Answer, Creation, LedgerOutcomes } from '../../contracts/creation.ts';
import { whatFollows } from '../../contracts/failures.ts';
import { after, nextRound, skipPlacement } from './placements.ts';
import { at, type Event, type Progress, type State } from './state.ts';

type Asked<F extends keyof LedgerOutcomes> = Answer<LedgerOutcomes[F]>;

/**
 * The whole policy of a request, as a pure function: where it goes from what a step came to.
 * The ledger's answer always wins over what the run believed: after a reset or a resubmit any answer may say that the
 * creation is leased, closing, ended or cancelled, and the run follows it.
 */
export function decide(state: State, event: Event): State {
  const { progress } = state;
  switch (state.at) {
    case 'opening':
      return onForward(
        state,
        event,
        () => event.type === 'answered' && opened(progress, event.answer as Asked<'openCreation'>),
      );
    case 'pausing':
      return onForward(state, event, () => event.type === 'pauseOver' && at(nextRound(progress), { at: 'opening' }));
    case 'creating':
      return onForward(state, event, () => {
        if (event.type !== 'create') return false;
        const { outcome } = event;
        if (outcome.kind === 'closed') return at(progress, { at: 'opening' });
        if (outcome.kind === 'created') {
          const { clusterId, fallbackMs } = outcome;
          return at(progress, { at: 'waiting', creation: state.creation, clusterId, fallbackMs });
        }
        return at(progress, {
          at: 'refusing',
          creation: state.creation,
          attempt: outcome.attempt,
          failure: outcome.failure,
        });
      });
    case 'waiting':
      return onForward(
        state,
        event,
        () =>
          event.type === 'usable' &&
          at(progress, { at: 'leasing', creation: state.creation, clusterId: state.clusterId, access: event.access }),
      );
    case 'makingAbsent':
      return event.type === 'absent'
        ? at(progress, { at: 'settling', creation: state.creation, proof: event.proof })
        : impossible(state, event);
    default:
      return event.type === 'answered' ? onAnswer(state, event.answer) : impossible(state, event);
  }
}

/** Forward steps may also fail, run out of time, or be cancelled. */
function onForward(state: State, event: Event, answered: () => State | false): State {
  const { progress } = state;
  const creation = 'creation' in state ? state.creation : null;
  switch (event.type) {
    case 'cancelRequested':
      return at(progress, { at: 'recordingCancel', creation });
    case 'deadlinePassed':
      if (creation === null) return impossible(state, event);
      return at(progress, {
        at: 'closing',
        creation,
        why: 'ReadinessDeadlineExceeded',
        message: `not ready within ${creation.readyTimeoutMs} ms`,
      });
    case 'stepFailed':
      // Somebody else closed it, or has taken it on: the ledger tells.
      if (whatFollows(event.failure.type) === 'read-ledger') return at(progress, { at: 'opening' });
      // Not opened at all, for a reason of the placement's own.
      if (state.at === 'opening' && whatFollows(event.failure.type) === 'next-placement') {
        return skipPlacement(progress, progress.placementIndex, event.failure);
      }
      return creation === null
        ? at(progress, { at: 'endingFailed', failure: event.failure })
        : at(progress, { at: 'closing', creation, why: event.failure.type, message: event.failure.message });
    default:
      return answered() || impossible(state, event);
  }
}

function opened(progress: Progress, answer: Asked<'openCreation'>): State {
  switch (answer.outcome) {
    case 'stale-version':
      return at({ ...progress, version: answer.version }, { at: 'opening' });
    case 'budget-exceeded':
      return skipPlacement(learn(progress, answer), progress.placementIndex, {
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

/** Shielded steps: the ledger's answers to them. */
function onAnswer(state: State, answer: Answer): State {
  const progress = learn(state.progress, answer);
  const { outcome } = answer as Answer<LedgerOutcomes[keyof LedgerOutcomes]>;
  switch (state.at) {
    case 'leasing':
      if (outcome === 'leased' && answer.creation) {
        return at(progress, {
          at: 'ready',
          creation: answer.creation,
          access: state.access,
          creations: answer.creations ?? null,
          totals: answer.totals,
        });
      }
      if (outcome === 'other-cluster') {
        const message = `the cluster that became ready is not the one recorded for ${state.creation.key}`;
        return at(progress, { at: 'closing', creation: state.creation, why: 'ClusterFailed', message });
      }
      return follow(progress, answer);
    case 'refusing':
      return outcome === 'not-refusable'
        ? at(progress, {
            at: 'closing',
            creation: state.creation,
            why: state.failure.type,
            message: state.failure.message,
          })
        : follow(progress, answer);
    case 'endingFailed':
      return outcome === 'ended'
        ? at(progress, {
            at: 'failed',
            failure: state.failure,
            creations: answer.creations ?? [],
            totals: answer.totals,
          })
        : follow(progress, answer);
    case 'endingCancelled':
      return outcome === 'ended'
        ? at(progress, { at: 'cancelled', creations: answer.creations ?? [] })
        : follow(progress, answer);
    default:
      return follow(progress, answer);
  }
}

/** Goes where the ledger says the request stands. */
function follow(before: Progress, answer: Answer): State {
  const progress = learn(before, answer);
  const { creation } = answer;
  if (creation === null) return at(progress, answer.cancelled ? { at: 'endingCancelled' } : { at: 'opening' });
  switch (creation.state) {
    case 'open':
      return at(
        { ...progress, placementIndex: creation.placementIndex },
        answer.cancelled
          ? { at: 'closing', creation, why: 'Cancelled', message: 'the request was cancelled' }
          : { at: 'creating', creation },
      );
    case 'closing':
      // A lease's own closing is left to it: the request's work was done when it became ready.
      return creation.leasedAtMs === null
        ? at({ ...progress, placementIndex: creation.placementIndex }, { at: 'makingAbsent', creation })
        : ready(progress, creation, answer);
    case 'leased':
    case 'released':
      return ready(progress, creation, answer);
    case 'refused':
    case 'absent':
      return answer.cancelled ? at(progress, { at: 'endingCancelled' }) : after(progress, creation);
  }
}

const ready = (progress: Progress, creation: Creation, answer: Answer): State =>
  at(progress, { at: 'ready', creation, access: null, creations: answer.creations ?? null, totals: answer.totals });

const learn = (progress: Progress, answer: Answer): Progress => ({ ...progress, version: answer.version });

/** A step can only come to what its activity returns; anything else is a bug of ours, and says so. */
function impossible(state: State, event: Event): never {
  throw new RangeError(`a request at ${state.at} cannot meet ${event.type}`);
}
