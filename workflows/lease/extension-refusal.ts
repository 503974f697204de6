import { DURATION_MAX_MS } from '../../contracts/limits.ts';
import type { ExtendUpdate } from '../../contracts/messages.ts';
import { isOpenEnded, type LeaseState } from './state.ts';

/** Why a lease cannot be extended like this, as a sentence; null where it can. */
export function extensionRefusal(state: LeaseState, { untilMs }: ExtendUpdate): string | null {
  const { key, leasedAtMs } = state.creation;
  if (state.releaseOrder !== null || state.closing) return `the lease of ${key} is being released`;
  if (isOpenEnded(state)) return `the lease of ${key} has no end: it is funded a day at a time, nothing to extend`;
  if (!Number.isInteger(untilMs)) return `untilMs must be a whole number of milliseconds since the epoch`;
  // The present end is accepted: a caller that has lost the answer asks for it again.
  if (untilMs < state.promisedUntilMs) {
    return `untilMs must not be before the present end: the lease of ${key} ends at ${iso(state.promisedUntilMs)}`;
  }
  const latestMs = (leasedAtMs ?? 0) + DURATION_MAX_MS;
  if (untilMs > latestMs) return `a lease lives for a year at most: ${key} until ${iso(latestMs)}`;
  return null;
}

const iso = (ms: number): string => new Date(ms).toISOString();
