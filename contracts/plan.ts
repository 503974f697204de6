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
  /** The highest price at which the placement may be opened, micro-dollars an hour; null for any price. */
  readonly maxHourlyMicros: number | null;
  /** Why the placement is skipped without being opened; null where it may be opened. */
  readonly refusal: Failure | null;
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
  readonly terms: LeaseTerms;
}

/** What a request comes to before anything is reserved. */
export interface Plan {
  readonly requestId: string;
  readonly team: string;
  /** Hash of the parsed request: the same id under another hash is a conflict. */
  readonly bodyHash: string;
  readonly placements: readonly PlannedPlacement[];
  readonly onDeadline: 'next' | 'fail';
  readonly whenExhausted: 'fail' | 'wait';
  /** First pause after all placements were refused, ms; used where `whenExhausted` is `wait`. */
  readonly exhaustedPauseMs: number;
}
