import type { z } from 'zod';

/** Any JSON value. A stored call is one. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * How a provider prevents a second create: `token` (it remembers a client token for some time), `unique-name` (a name is
 * taken until its cluster is gone), or `neither` (only our search by name does).
 */
export type IdempotencyClass = 'token' | 'unique-name' | 'neither';

/** Stands for the idempotency key in a planned call. The ledger replaces it when the creation opens. */
export const KEY_PLACEHOLDER = '{{key}}';

/**
 * Stands for the provider's own expiry in a planned call, a time such as `2026-11-21T08:00:00Z`. It guards against forgotten
 * clusters, at providers that can end a cluster by themselves. The workflow replaces it when the creation opens, by a time
 * after everything that the hold covers.
 */
export const EXPIRY_PLACEHOLDER = '{{expiry}}';

/** The fields that every placement has. */
export interface PlacementBase {
  readonly provider: string;
  readonly region: string;
  readonly hourlyPriceMicros?: number | undefined;
  readonly maxHourlyPriceMicros?: number | undefined;
}

/** An instance type and its count. */
export interface PricedUnit {
  readonly instanceType: string;
  readonly count: number;
}

/** A list price and its source. */
export interface Price {
  readonly provider: string;
  readonly region: string;
  readonly instanceType: string;
  /** For one instance, micro-dollars an hour. */
  readonly hourlyMicros: number;
  readonly source: string;
}

/** The pure half of a provider: what a request may ask for, at what price, and the exact call. */
export interface ProviderDefinition<P extends PlacementBase = PlacementBase> {
  readonly provider: P['provider'];
  /** Schema of a placement at this provider. Each limit and pattern in it has a source. */
  readonly placement: z.ZodType<P>;
  /** Schema of a region's name. */
  readonly region: z.ZodType<string>;
  /** The region of commands that name none. */
  readonly defaultRegion: string;
  readonly idempotency: IdempotencyClass;
  /** How long after the end of its claim a send without an answer may still make a cluster appear, ms. */
  readonly lateClusterWindowMs: number;
  /** Longest time of a deletion, ms. Every hold includes it. */
  readonly deleteReserveMs: number;
  readonly prices: readonly Price[];
  /** Factor by which a bill may exceed the price; the hold covers it. 1 when prices are fixed. */
  readonly priceHeadroom: number;
  /** What is billed while the cluster exists. */
  units(placement: P): readonly PricedUnit[];
  /** How many nodes must be in service for `ready`. */
  nodesWanted(placement: P): number;
  /** The create call, complete but for {@link KEY_PLACEHOLDER} and {@link EXPIRY_PLACEHOLDER}. */
  resolveCall(placement: P, requestId: string): Json;
}
