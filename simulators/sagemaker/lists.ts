import type { Refusal } from '../core/refusal.ts';
import { validationError } from './errors.ts';

/** Items in a page of clusters or nodes when a call does not say how many. */
export const DEFAULT_MAX_RESULTS = 10;

/** The refusal of a token that belongs to another query, or of anything that is not a token. */
export function invalidToken(): Refusal {
  return validationError('The NextToken is not valid for this request.');
}

/** Whether a time lies strictly between the bounds, all in seconds since the epoch; `undefined` is no bound. */
export function isWithin(timeS: number, afterS: number | undefined, beforeS: number | undefined): boolean {
  return (afterS === undefined || timeS > afterS) && (beforeS === undefined || timeS < beforeS);
}
