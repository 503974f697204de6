import { RECHECK_FIRST_MS, RECHECK_LAST_MS } from '../contracts/limits.ts';

/**
 * The pause before the next recheck of an unconfirmed hint, ms; null when no rechecks are left. From then on each hint causes
 * one check: a provider's listing and its description of a cluster may disagree for a while, or for ever.
 * @param rechecks how many rechecks have run
 */
export function recheckDelayMs(rechecks: number): number | null {
  const ms = RECHECK_FIRST_MS * 2 ** rechecks;
  return ms >= 2 * RECHECK_LAST_MS ? null : Math.min(ms, RECHECK_LAST_MS);
}
