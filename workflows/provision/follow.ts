import type { Answer } from '../../contracts/creation.ts';
import { isFailureType } from '../../contracts/failures.ts';
import { skipPlacement } from './placements.ts';
import { goTo, type Progress, type State } from './state.ts';

/** Goes to the step that fits the ledger's answer, whatever this run believed before. */
export function follow(before: Progress, answer: Answer): State {
  const progress = withVersion(before, answer);
  const { creation } = answer;
  if (creation === null) return goTo(progress, answer.cancelled ? { at: 'endingCancelled' } : { at: 'opening' });
  const { placementIndex } = creation;
  switch (creation.state) {
    case 'open':
      return goTo(
        { ...progress, placementIndex },
        answer.cancelled
          ? { at: 'closing', creation, why: 'Cancelled', message: 'the request was cancelled' }
          : { at: 'creating', creation },
      );
    case 'closing':
      // A lease closes its own creation: the work of the request was done when it became ready.
      return creation.leasedAtMs === null
        ? goTo({ ...progress, placementIndex }, { at: 'makingAbsent', creation })
        : goTo(progress, { at: 'ready', creation, access: null, listed: null });
    case 'leased':
    case 'released':
      return goTo(progress, { at: 'ready', creation, access: null, listed: null });
    case 'refused':
    case 'absent':
      if (answer.cancelled) return goTo(progress, { at: 'endingCancelled' });
      // Closed for a reason outside the placement, such as a lost owner or a cancel that was lifted: it is tried again.
      if (!isFailureType(creation.why)) return goTo({ ...progress, placementIndex }, { at: 'opening' });
      return skipPlacement(progress, placementIndex, { type: creation.why, message: creation.whyText ?? '' }, creation);
  }
}

/** What a run knows, with the request's version from the ledger's answer. */
export const withVersion = (progress: Progress, { version }: Answer): Progress => ({ ...progress, version });
