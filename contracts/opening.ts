import type { Failure } from './failures.ts';
import { formatMicros } from './money.ts';
import type { PlannedPlacement } from './plan.ts';
import { EXPIRY_PLACEHOLDER, type Json } from './providers/definition.ts';

/* What workflows ask of a planned placement when they open it. Zod-free: workflows import this file. */

/** What a price above a placement's cap fails with; null where it is not. Micro-dollars an hour. */
export function priceCapFailure(hourlyMicros: number, cap: number | null): Failure | null {
  if (cap === null || hourlyMicros <= cap) return null;
  const message = `it costs ${formatMicros(hourlyMicros)}/h, above the placement's maxHourlyPriceMicros of ${formatMicros(cap)}/h`;
  return { type: 'BudgetExceeded', message };
}

/** Time that a provider's own expiry comes after all that the hold covers (policy): nothing that is wanted ends by it. */
export const EXPIRY_MARGIN_MS = 60 * 60_000;

/**
 * A placement as it is opened at a moment: the provider's own expiry takes its place in the call, in whole seconds, past
 * the readiness deadline, the lease and the time to delete.
 */
export function withExpiry(placement: PlannedPlacement, nowMs: number): PlannedPlacement {
  const text = JSON.stringify(placement.call);
  if (!text.includes(EXPIRY_PLACEHOLDER)) return placement;
  const { readyTimeoutMs, leaseMs, deleteReserveMs } = placement;
  const expiry = formatWireTime(expiryAfter(nowMs + readyTimeoutMs + leaseMs, deleteReserveMs));
  return { ...placement, call: JSON.parse(text.replaceAll(EXPIRY_PLACEHOLDER, expiry)) as Json };
}

/** When the provider itself shall end a cluster whose lease ends at a time, ms since the epoch. */
export const expiryAfter = (leaseUntilMs: number, deleteReserveMs: number): number =>
  leaseUntilMs + deleteReserveMs + EXPIRY_MARGIN_MS;

/** A time as providers take it: in whole seconds, UTC. */
export const formatWireTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;
