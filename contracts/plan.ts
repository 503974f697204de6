import type { LeaseTerms } from './creation.ts';
import type { Failure } from './failures.ts';
import type { Json } from './providers/definition.ts';

/** A placement with its price, hold, call and times. `openCreation` stores what later steps read. */
export interface PlannedPlacement {
  readonly placementIndex: number;
  readonly provider: string;
  readonly region: string;
  /** Price of the whole cluster, micro-dollars an hour. */
  readonly hourlyMicros: number;
  /** Where the price comes from. */
  readonly priceSource: string;
  /** The highest price at which the placement may be opened, micro-dollars an hour; null for any price. */
  readonly maxHourlyMicros: number | null;
  /** Why the placement is skipped without being opened; null when it may be opened. */
  readonly refusal: Failure | null;
  /** Hourly price x the provider's headroom x (readyTimeoutMs + deleteReserveMs + leaseMs). */
  readonly holdMicros: number;
  readonly nodesWanted: number;
  /** The complete create call, with placeholders for the key and the expiry. */
  readonly call: Json;
  readonly readyTimeoutMs: number;
  readonly deleteReserveMs: number;
  readonly lateClusterWindowMs: number;
  readonly claimMs: number;
  /** Funded time of the lease, ms. */
  readonly leaseMs: number;
  readonly terms: LeaseTerms;
}

/** A request made exact, before anything is reserved. */
export interface Plan {
  readonly requestId: string;
  readonly team: string;
  /** Hash of the parsed request. The same id with another hash is a conflict. */
  readonly bodyHash: string;
  readonly placements: readonly PlannedPlacement[];
  readonly onDeadline: 'next' | 'fail';
  readonly whenExhausted: 'fail' | 'wait';
  /** First pause when no placement gave a cluster, ms. Used when `whenExhausted` is `wait`. */
  readonly exhaustedPauseMs: number;
}
