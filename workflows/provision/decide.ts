import type { Answer, Creation, LedgerOutcomes } from '../../contracts/creation.ts';
import { whatFollows } from '../../contracts/failures.ts';
import { after, anew, passOver } from './placements.ts';
import { at, type Event, type Knowledge, type State } from './state.ts';

type Asked<F extends keyof LedgerOutcomes> = Answer<LedgerOutcomes[F]>;

/**
 * The whole policy of a request, as a pure function: where it goes from what a step came to.
 * The ledger's answer always wins over what the run believed: after a reset or a resubmit any answer may say that the
 * creation is leased, closing, ended or cancelled, and the run follows it.
 */
export function decide(state: State, event: Event): State {
  const { knows } = state;
  switch (state.at) {
    case 'opening':
      return onForward(
        state,
        event,
        () => event.type === 'answered' && opened(knows, event.answer as Asked<'openCreation'>),
      );
    case 'pausing':
      return onForward(state, event, () => event.type === 'pauseOver' && at(anew(knows), { at: 'opening' }));
    case 'creating':
      return onForward(state, event, () => {
        if (event.type !== 'create') return false;
        const { outcome } = event;
        if (outcome.kind === 'closed') return at(knows, { at: 'opening' });
        if (outcome.kind === 'created') {
          const { clusterId, fallbackMs } = outcome;
          return at(knows, { at: 'waiting', creation: state.creation, clusterId, fallbackMs });
        }
        return at(knows, {
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
          at(knows, { at: 'leasing', creation: state.creation, clusterId: state.clusterId, access: event.access }),
      );
    case 'makingAbsent':
      return event.type === 'absent'
        ? at(knows, { at: 'settling', creation: state.creation, proof: event.proof })
        : impossible(state, event);
    default:
      return event.type === 'answered' ? onAnswer(state, event.answer) : impossible(state, event);
  }
}

/** Forward steps may also fail, run out of time, or be cancelled. */
function onForward(state: State, event: Event, answered: () => State | false): State {
  const { knows } = state;
  const creation = 'creation' in state ? state.creation : null;
  switch (event.type) {
    case 'cancelRequested':
      return at(knows, { at: 'recordingCancel', creation });
    case 'deadlinePassed':
      if (creation === null) return impossible(state, event);
      return at(knows, {
        at: 'closing',
        creation,
        why: 'ReadinessDeadlineExceeded',
        message: `not ready within ${creation.readyTimeoutMs} ms`,
      });
    case 'stepFailed':
      // Somebody else closed it, or has taken it on: the ledger tells.
      if (whatFollows(event.failure.type) === 'read-ledger') return at(knows, { at: 'opening' });
      // Not opened at all, for a reason of the placement's own.
      if (state.at === 'opening' && whatFollows(event.failure.type) === 'next-placement') {
        return passOver(knows, knows.placementIndex, event.failure);
      }
      return creation === null
        ? at(knows, { at: 'endingFailed', failure: event.failure })
        : at(knows, { at: 'closing', creation, why: event.failure.type, message: event.failure.message });
    default:
      return answered() || impossible(state, event);
  }
}

function opened(knows: Knowledge, answer: Asked<'openCreation'>): State {
  switch (answer.outcome) {
    case 'stale-turn':
      return at({ ...knows, turn: answer.turn }, { at: 'opening' });
    case 'budget-exceeded':
      return passOver(learn(knows, answer), knows.placementIndex, {
        type: 'BudgetExceeded',
        message: "the team's budget has no room for the hold of this placement",
      });
    case 'opened':
    case 'standing':
    case 'cancelled':
    case 'conflict':
      return follow(knows, answer);
  }
}

/** Shielded steps: the ledger's answers to them. */
function onAnswer(state: State, answer: Answer): State {
  const knows = learn(state.knows, answer);
  const { outcome } = answer as Answer<LedgerOutcomes[keyof LedgerOutcomes]>;
  switch (state.at) {
    case 'leasing':
      if (outcome === 'leased' && answer.creation) {
        return at(knows, {
          at: 'ready',
          creation: answer.creation,
          access: state.access,
          creations: answer.creations ?? null,
          totals: answer.totals,
        });
      }
      if (outcome === 'other-cluster') {
        const message = `the cluster that became ready is not the one recorded for ${state.creation.key}`;
        return at(knows, { at: 'closing', creation: state.creation, why: 'ClusterFailed', message });
      }
      return follow(knows, answer);
    case 'refusing':
      return outcome === 'not-refusable'
        ? at(knows, {
            at: 'closing',
            creation: state.creation,
            why: state.failure.type,
            message: state.failure.message,
          })
        : follow(knows, answer);
    case 'endingFailed':
      return outcome === 'ended'
        ? at(knows, { at: 'failed', failure: state.failure, creations: answer.creations ?? [], totals: answer.totals })
        : follow(knows, answer);
    case 'endingCancelled':
      return outcome === 'ended'
        ? at(knows, { at: 'cancelled', creations: answer.creations ?? [] })
        : follow(knows, answer);
    default:
      return follow(knows, answer);
  }
}

/** Goes where the ledger says the request stands. */
export function follow(before: Knowledge, answer: Answer): State {
  const knows = learn(before, answer);
  const { creation } = answer;
  if (creation === null) return at(knows, answer.cancelled ? { at: 'endingCancelled' } : { at: 'opening' });
  switch (creation.state) {
    case 'open':
      return at(
        { ...knows, placementIndex: creation.placementIndex },
        answer.cancelled
          ? { at: 'closing', creation, why: 'Cancelled', message: 'the request was cancelled' }
          : { at: 'creating', creation },
      );
    case 'closing':
      // A lease's own closing is left to it: the request's work was done when it became ready.
      return creation.leasedAtMs === null
        ? at({ ...knows, placementIndex: creation.placementIndex }, { at: 'makingAbsent', creation })
        : ready(knows, creation, answer);
    case 'leased':
    case 'released':
      return ready(knows, creation, answer);
    case 'refused':
    case 'absent':
      return answer.cancelled ? at(knows, { at: 'endingCancelled' }) : after(knows, creation);
  }
}

const ready = (knows: Knowledge, creation: Creation, answer: Answer): State =>
  at(knows, { at: 'ready', creation, access: null, creations: answer.creations ?? null, totals: answer.totals });

const learn = (knows: Knowledge, answer: Answer): Knowledge => ({ ...knows, turn: answer.turn });

/** A step can only come to what its activity returns; anything else is a bug of ours, and says so. */
function impossible(state: State, event: Event): never {
  throw new RangeError(`a request at ${state.at} cannot meet ${event.type}`);
}
