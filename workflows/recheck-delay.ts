import { RECHECK_FIRST_MS, RECHECK_LAST_MS } from '../contracts/limits.ts';

/**
 * The pause after a look that did not confirm a hint, ms; null once there were enough of them, and one look a hint must
 * do: listings and descriptions of a provider need not agree at once, but some never do.
 * @param doubts such looks before this one
 */
export function recheckDelayMs(rechecks: number): number | null {
  const ms = RECHECK_FIRST_MS * 2 ** rechecks;
  return ms >= 2 * RECHECK_LAST_MS ? null : Math.min(ms, RECHECK_LAST_MS);
}
