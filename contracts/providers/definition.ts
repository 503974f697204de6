import type { z } from 'zod';

/** Any JSON value: what a call to a provider is made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * How a provider keeps a create from happening twice: `token` (it remembers a client token for a time),
 * `unique-name` (a name is taken until its cluster is gone), `neither` (only the name that we choose tells).
 */
export type IdempotencyClass = 'token' | 'unique-name' | 'neither';

/** Where the idempotency key goes in a call's template; the ledger puts it there when the creation opens. */
export const KEY = '{{key}}';

/**
 * Where a time of the provider's own expiry goes in a call's template, as `2026-11-21T08:00:00Z`: a leak guard for
 * providers that can end a cluster by themselves. It is fixed when the creation opens, past all that the hold covers.
 */
export const EXPIRY = '{{expiry}}';

/** Fields of every placement. */
export interface PlacementBase {
  readonly provider: string;
  readonly region: string;
  readonly hourlyPriceMicros?: number | undefined;
  readonly maxHourlyPriceMicros?: number | undefined;
}

/** One instance type of a placement and how many of it. */
export interface PricedUnit {
  readonly instanceType: string;
  readonly count: number;
}

/** A list price with where it comes from. */
export interface Price {
  readonly provider: string;
  readonly region: string;
  readonly instanceType: string;
  /** Micro-dollars an hour for one instance. */
  readonly hourlyMicros: number;
  readonly source: string;
}

/** The pure half of a provider: what a request may ask of it, at what price, and the exact call that results. */
export interface ProviderDefinition<P extends PlacementBase = PlacementBase> {
  readonly provider: P['provider'];
  /** Schema of a placement at this provider: its limits and patterns, each with a source. */
  readonly placement: z.ZodType<P>;
  /** Schema of a region's name. */
  readonly region: z.ZodType<string>;
  /** The region that is looked at where nobody names one. */
  readonly defaultRegion: string;
  readonly idempotency: IdempotencyClass;
  /** A send without an answer may be born and become visible until this long after its claim ended, ms. */
  readonly lateClusterWindowMs: number;
  /** Worst time a deletion takes, ms: part of every hold. */
  readonly deleteReserveMs: number;
  readonly prices: readonly Price[];
  /** How far above its price the provider may bill a cluster, as a factor: the hold covers it; 1 where prices stand. */
  readonly priceHeadroom: number;
  /** What bills while the cluster lives. */
  units(placement: P): readonly PricedUnit[];
  /** Nodes that must be in service for `ready`. */
  nodesWanted(placement: P): number;
  /** The create call, every byte but the key, which stands as {@link KEY}. */
  resolveCall(placement: P, requestId: string): Json;
}
