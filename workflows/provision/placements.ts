import type { SkippedPlacement } from '../../contracts/cluster.ts';
import type { Creation } from '../../contracts/creation.ts';
import { isFailureType, whatFollows, type Failure } from '../../contracts/failures.ts';
import { at, type Progress, type State } from './state.ts';

/** A creation has ended without a lease: the next placement, or the end. */
export function after(progress: Progress, creation: Creation): State {
  const { why, whyText, placementIndex } = creation;
  // Closed for no fault of the placement (its owner was gone, or a cancel that was lifted since): tried again.
  if (!isFailureType(why)) return at({ ...progress, placementIndex }, { at: 'opening' });
  return skipPlacement(progress, placementIndex, { type: why, message: whyText ?? '' }, creation);
}

/** On to the next placement, where the failure and the request's policies allow it. */
export function skipPlacement(
  progress: Progress,
  placementIndex: number,
  failure: Failure,
  creation?: Creation,
): State {
  const passed: SkippedPlacement = {
    placementIndex,
    provider: creation?.provider ?? '',
    region: creation?.region ?? '',
    ...failure,
  };
  const next = { ...progress, skipped: [...progress.skipped, passed], placementIndex: placementIndex + 1 };
  const mayGoOn =
    whatFollows(failure.type) === 'next-placement' &&
    !(failure.type === 'ReadinessDeadlineExceeded' && progress.onDeadline === 'fail');
  if (mayGoOn && next.placementIndex < progress.placements) return at(next, { at: 'opening' });
  const why = deciding(next.skipped, failure);
  return mayGoOn && progress.whenExhausted === 'wait'
    ? at(next, { at: 'pausing', failure: why })
    : at(next, { at: 'endingFailed', failure: why });
}

/** The next round: from the first placement, with nothing passed over. */
export const nextRound = (progress: Progress): Progress => ({
  ...progress,
  placementIndex: 0,
  skipped: [],
  rounds: progress.rounds + 1,
});

/** The failure a request ends with: the last one that was not the budget's, since that one says more. */
function deciding(skipped: readonly SkippedPlacement[], last: Failure): Failure {
  const telling = skipped.findLast(({ type }) => type !== 'BudgetExceeded');
  const type = telling !== undefined && isFailureType(telling.type) ? telling.type : last.type;
  const message = skipped.map((each) => `placement ${each.placementIndex}: ${each.type}: ${each.message}`).join('\n');
  return { type, message };
}
