import type { PassedOver } from '../../contracts/cluster.ts';
import type { Creation } from '../../contracts/creation.ts';
import { isFailureType, whatFollows, type Failure } from '../../contracts/failures.ts';
import { at, type Knowledge, type State } from './state.ts';

/** A creation has ended without a lease: the next placement, or the end. */
export function after(knows: Knowledge, creation: Creation): State {
  const { why, whyText, placementIndex } = creation;
  // Closed for no fault of the placement (its owner was gone, or a cancel that was lifted since): tried again.
  if (!isFailureType(why)) return at({ ...knows, placementIndex }, { at: 'opening' });
  return passOver(knows, placementIndex, { type: why, message: whyText ?? '' }, creation);
}

/** On to the next placement, where the failure and the request's policies allow it. */
export function passOver(knows: Knowledge, placementIndex: number, failure: Failure, creation?: Creation): State {
  const passed: PassedOver = {
    placementIndex,
    provider: creation?.provider ?? '',
    region: creation?.region ?? '',
    ...failure,
  };
  const next = { ...knows, passedOver: [...knows.passedOver, passed], placementIndex: placementIndex + 1 };
  const mayGoOn =
    whatFollows(failure.type) === 'next-placement' &&
    !(failure.type === 'ReadinessDeadlineExceeded' && knows.onDeadline === 'fail');
  if (mayGoOn && next.placementIndex < knows.placements) return at(next, { at: 'opening' });
  const why = deciding(next.passedOver, failure);
  return mayGoOn && knows.whenExhausted === 'wait'
    ? at(next, { at: 'pausing', failure: why })
    : at(next, { at: 'endingFailed', failure: why });
}

/** The next round: from the first placement, with nothing passed over. */
export const anew = (knows: Knowledge): Knowledge => ({
  ...knows,
  placementIndex: 0,
  passedOver: [],
  rounds: knows.rounds + 1,
});

/** The failure a request ends with: the last one that was not the budget's, since that one says more. */
function deciding(passedOver: readonly PassedOver[], last: Failure): Failure {
  const telling = passedOver.findLast(({ type }) => type !== 'BudgetExceeded');
  const type = telling !== undefined && isFailureType(telling.type) ? telling.type : last.type;
  const message = passedOver
    .map((each) => `placement ${each.placementIndex}: ${each.type}: ${each.message}`)
    .join('\n');
  return { type, message };
}
