import type { PlannedPlacement } from '../../contracts/plan.ts';
import { leaseTerms } from './creation.ts';

/** A placement of a plan, with fields replaced: a micro-dollar a millisecond, so that costs read as times. The hold pays for 10 000 s. */
export const aPlannedPlacement = (more: Partial<PlannedPlacement> = {}): PlannedPlacement => ({
  placementIndex: 0,
  provider: 'sagemaker',
  region: 'us-east-1',
  hourlyMicros: 3_600_000,
  priceSource: 'test',
  maxHourlyMicros: null,
  refusal: null,
  holdMicros: 10_000_000,
  nodesWanted: 1,
  call: { ClusterName: '{{key}}', Tags: [{ Key: 'owner', Value: '{{key}}' }] },
  readyTimeoutMs: 4_200_000,
  deleteReserveMs: 600_000,
  lateClusterWindowMs: 900_000,
  claimMs: 60_000,
  leaseMs: 5_200_000,
  terms: leaseTerms({ durationMs: null, onUnfunded: 'park' }),
  ...more,
});
