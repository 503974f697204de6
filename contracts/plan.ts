import type { LeaseTerms } from './creation.ts';
import type { Failure } from './failures.ts';
import type { Json } from './providers/definition.ts';

/** A placement made exact: price, hold, call and timing. All that `openCreation` stores. */
export interface PlannedPlacement {
  readonly placementIndex: number;
  readonly provider: string;
  readonly region: string;
  /** Micro-dollars an hour for the whole cluster. */
  readonly hourlyMicros: number;
  /** Where the price comes from. */
  readonly priceSource: string;
  /** Passed over above this price, micro-dollars an hour; null for any price. */
  readonly maxHourlyMicros?: number | null;
  /** Why it is passed over without being opened; absent where it may be tried. */
  readonly refusal?: Failure;
  /** hourly price x the provider's headroom x (readyTimeoutMs + deleteReserveMs + leaseMs). */
  readonly holdMicros: number;
  readonly nodesWanted: number;
  /** Every byte of the create call; the key and the expiry stand as templates. */
  readonly call: Json;
  readonly readyTimeoutMs: number;
  readonly deleteReserveMs: number;
  readonly lateClusterWindowMs: number;
  readonly claimMs: number;
  /** Funded time of the lease. */
  readonly leaseMs: number;
  /** How the lease is to live; plans of before there were terms have none. */
  readonly terms?: LeaseTerms;
}

/** What a request comes to before anything is reserved. */
export interface Plan {
  readonly requestId: string;
  readonly team: string;
  /** Hash of the parsed request: the same id under another hash is a conflict. */
  readonly bodyHash: string;
  readonly placements: readonly PlannedPlacement[];
  readonly onDeadline: 'next' | 'fail';
  /** Plans of before this policy have none: they fail. */
  readonly whenExhausted?: 'fail' | 'wait';
  /** First pause of a request that waits when all placements were refused, ms. */
  readonly exhaustedPauseMs?: number;
}
