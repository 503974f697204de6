import { DOUBT_FIRST_MS, DOUBT_LAST_MS } from '../contracts/limits.ts';

/**
 * The pause after a look that did not confirm a hint, ms; null once there were enough of them, and one look a hint must
 * do: listings and descriptions of a provider need not agree at once, but some never do.
 * @param doubts such looks before this one
 */
export function doubtMs(doubts: number): number | null {
  const ms = DOUBT_FIRST_MS * 2 ** doubts;
  return ms >= 2 * DOUBT_LAST_MS ? null : Math.min(ms, DOUBT_LAST_MS);
}
