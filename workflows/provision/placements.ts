import type { SkippedPlacement } from '../../contracts/cluster.ts';
import type { Creation } from '../../contracts/creation.ts';
import { isFailureType, whatFollows, type Failure } from '../../contracts/failures.ts';
import { goTo, type Progress, type State } from './state.ts';

/**
 * Skips a placement, and goes on with the next one where the failure and the request's policies allow it.
 * @param creation the creation at the placement; left out where none was opened
 */
export function skipPlacement(
  progress: Progress,
  placementIndex: number,
  failure: Failure,
  creation?: Creation,
): State {
  const skipped: SkippedPlacement = {
    placementIndex,
    provider: creation?.provider ?? '',
    region: creation?.region ?? '',
    ...failure,
  };
  const next = { ...progress, skipped: [...progress.skipped, skipped], placementIndex: placementIndex + 1 };
  const mayGoOn =
    whatFollows(failure.type) === 'next-placement' &&
    !(failure.type === 'ReadinessDeadlineExceeded' && progress.onDeadline === 'fail');
  if (mayGoOn && next.placementIndex < progress.placements) return goTo(next, { at: 'opening' });
  const summary = summaryOf(next.skipped, failure);
  return mayGoOn && progress.whenExhausted === 'wait'
    ? goTo(next, { at: 'pausing', failure: summary })
    : goTo(next, { at: 'endingFailed', failure: summary });
}

/** The next round starts at the first placement, with none skipped. */
export const nextRound = (progress: Progress): Progress => ({
  ...progress,
  placementIndex: 0,
  skipped: [],
  rounds: progress.rounds + 1,
});

/** The failure that a round ends with: the last one that is not BudgetExceeded, because that one says more. */
function summaryOf(skipped: readonly SkippedPlacement[], last: Failure): Failure {
  const decisive = skipped.findLast(({ type }) => type !== 'BudgetExceeded');
  const type = decisive !== undefined && isFailureType(decisive.type) ? decisive.type : last.type;
  const message = skipped.map((each) => `placement ${each.placementIndex}: ${each.type}: ${each.message}`).join('\n');
  return { type, message };
}
