import type { Failure } from './failures.ts';
import { formatMicros } from './money.ts';
import type { PlannedPlacement } from './plan.ts';
import { EXPIRY_PLACEHOLDER, type Json } from './providers/definition.ts';

/* What workflows need to open a planned placement. Without zod, because workflows import this file. */

/** The failure for a price above a placement's cap, both in micro-dollars an hour; null for a price within it. */
export function priceCapFailure(hourlyMicros: number, cap: number | null): Failure | null {
  if (cap === null || hourlyMicros <= cap) return null;
  const message = `it costs ${formatMicros(hourlyMicros)}/h, above the placement's maxHourlyPriceMicros of ${formatMicros(cap)}/h`;
  return { type: 'BudgetExceeded', message };
}

/** How long after everything that the hold covers a provider's own expiry comes (policy), so that it ends nothing wanted. */
export const EXPIRY_MARGIN_MS = 60 * 60_000;

/** The placement for an opening at this time: the provider's own expiry, in whole seconds, replaces its placeholder. */
export function withExpiry(placement: PlannedPlacement, nowMs: number): PlannedPlacement {
  const text = JSON.stringify(placement.call);
  if (!text.includes(EXPIRY_PLACEHOLDER)) return placement;
  const { readyTimeoutMs, leaseMs, deleteReserveMs } = placement;
  const expiry = formatWireTime(expiryAfter(nowMs + readyTimeoutMs + leaseMs, deleteReserveMs));
  return { ...placement, call: JSON.parse(text.replaceAll(EXPIRY_PLACEHOLDER, expiry)) as Json };
}

/** The provider's own expiry for a lease with this funded end, both in ms since the epoch. */
export const expiryAfter = (leaseUntilMs: number, deleteReserveMs: number): number =>
  leaseUntilMs + deleteReserveMs + EXPIRY_MARGIN_MS;

/** A time in the form that providers accept: UTC, whole seconds. */
export const formatWireTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;
