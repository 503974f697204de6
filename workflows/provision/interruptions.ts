import type { Creation } from '../../contracts/creation.ts';
import { whatFollows, type Failure } from '../../contracts/failures.ts';
import { skipPlacement } from './placements.ts';
import { goTo, type Progress, type State, type StateAt } from './state.ts';

/* What follows when a step fails, runs out of time, or is cancelled. */

/** A placement that could not be opened: the next placement where the failure allows it, else the end. */
export function skipOrFail({ progress }: StateAt<'opening'>, failure: Failure): State {
  switch (whatFollows(failure.type)) {
    case 'read-ledger':
      return goTo(progress, { at: 'opening' });
    case 'next-placement':
      return skipPlacement(progress, progress.placementIndex, failure);
    case 'final':
    case 'park':
    case 'retry':
      return goTo(progress, { at: 'endingFailed', failure });
  }
}

/** A creation that failed is closed, unless the failure says that the ledger has moved on without this run. */
export function closeAfterFailure(
  { progress, creation }: StateAt<'creating'> | StateAt<'waiting'>,
  failure: Failure,
): State {
  if (whatFollows(failure.type) === 'read-ledger') return goTo(progress, { at: 'opening' });
  return goTo(progress, { at: 'closing', creation, why: failure.type, message: failure.message });
}

export const closeAtDeadline = ({ progress, creation }: StateAt<'creating'> | StateAt<'waiting'>): State =>
  goTo(progress, {
    at: 'closing',
    creation,
    why: 'ReadinessDeadlineExceeded',
    message: `not ready within ${creation.readyTimeoutMs} ms`,
  });

/** The ledger learns of a cancel first, so that it counts in every later run too. */
export const recordCancel = (progress: Progress, creation: Creation | null): State =>
  goTo(progress, { at: 'recordingCancel', creation });
