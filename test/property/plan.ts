import type { LeaseTerms } from '../../contracts/creation.ts';
import type { Plan, PlannedPlacement } from '../../contracts/plan.ts';
import type { IdempotencyClass } from '../../contracts/providers/definition.ts';
import { aRequest } from '../builders/request.ts';
import type { Random } from './random.ts';
import { LATE_CLUSTER_WINDOW_MS } from './vendor.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOURLY_MICROS = 3_600_000;

/** A lease lasts two hours, or has no end and is funded two hours at a time. */
const LEASE_MS = 2 * HOUR;

/** Random terms of a lease. */
export const termsOf = (random: Random): LeaseTerms => ({
  durationMs: random.pick([LEASE_MS, null]),
  sliceMs: LEASE_MS,
  onUnfunded: random.pick(['release', 'park'] as const),
  onBroken: random.pick(['park', 'release', 'reprovision'] as const),
  request: aRequest('r') as unknown as LeaseTerms['request'],
  vendorExpiry: false,
});

/** The plan of a request with one to three placements, each at the one provider of the world. */
export function planOf(random: Random, idempotency: IdempotencyClass, terms: LeaseTerms): Plan {
  const readyTimeoutMs = 10 * MINUTE;
  const deleteReserveMs = 5 * MINUTE;
  const leaseMs = LEASE_MS;
  const placement = (placementIndex: number): PlannedPlacement => ({
    placementIndex,
    provider: idempotency,
    region: `region-${placementIndex}`,
    hourlyMicros: HOURLY_MICROS,
    priceSource: 'test',
    maxHourlyMicros: null,
    refusal: null,
    holdMicros: readyTimeoutMs + deleteReserveMs + leaseMs,
    nodesWanted: 1,
    call: { name: '{{key}}' },
    readyTimeoutMs,
    deleteReserveMs,
    lateClusterWindowMs: LATE_CLUSTER_WINDOW_MS,
    claimMs: MINUTE,
    leaseMs,
    terms,
  });
  const placements = Array.from({ length: random.between(1, 3) }, (_, index) => placement(index));
  return {
    ...{ requestId: 'r', team: 't', bodyHash: 'h', placements },
    onDeadline: random.pick(['next', 'fail'] as const),
    whenExhausted: 'fail',
    exhaustedPauseMs: MINUTE,
  };
}
