import type { Creation, LeaseTerms } from '../../contracts/creation.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** When the cluster of these creations was leased, ms since the epoch. */
export const LEASED_AT_MS = 1_800_000_000_000;

/** Terms of a lease for a day, with fields replaced. */
export const leaseTerms = (more: Partial<LeaseTerms> = {}): LeaseTerms => ({
  durationMs: DAY_MS,
  sliceMs: DAY_MS,
  onUnfunded: 'release',
  onBroken: 'park',
  request: null,
  vendorExpiry: false,
  ...more,
});

/** A request's first creation, leased for a day at a dollar an hour, with fields replaced. */
export const aCreation = (more: Partial<Creation> = {}): Creation => ({
  key: `mu-aaaaaa-${'b'.repeat(26)}`,
  requestId: 'r',
  number: 1,
  state: 'leased',
  team: 'research',
  placementIndex: 0,
  provider: 'sagemaker',
  region: 'us-west-2',
  hourlyMicros: 1_000_000,
  holdMicros: 24_000_000,
  clusterId: 'c-1',
  owner: 'cluster/r/1',
  epoch: 0,
  why: null,
  whyText: null,
  readyTimeoutMs: HOUR_MS,
  openedAtMs: LEASED_AT_MS - HOUR_MS,
  leasedAtMs: LEASED_AT_MS,
  leaseUntilMs: LEASED_AT_MS + DAY_MS,
  endedAtMs: null,
  costMicros: null,
  terms: leaseTerms(),
  condition: 'ready',
  conditionText: null,
  conditionAtMs: LEASED_AT_MS,
  ...more,
});
