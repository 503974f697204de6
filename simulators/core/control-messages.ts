import { z } from 'zod';
import { FaultRule } from './faults.ts';

/** A cluster that was ever created, whether it exists now or not. Times are simulated milliseconds since the epoch. */
export interface SimulatedCluster {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** The tags that it was created with. */
  readonly tags: Readonly<Record<string, string>>;
  /** The provider's own word for its state now; `Gone` once it no longer exists. */
  readonly status: string;
  readonly nodes: number;
  readonly createdAtMs: number;
  /** The request id of the call that created it, as in the journal; null for a seeded cluster. */
  readonly createdByCall: string | null;
  /** When it stopped existing; null while it exists. */
  readonly goneAtMs: number | null;
}

const ClusterRef = z.strictObject({ region: z.string(), name: z.string() });

/**
 * A cluster of another owner, put into the account without a call. It keeps its status until it is deleted. Without a
 * status or a type it gets what is usual at the provider.
 */
export const SeedCluster = ClusterRef.extend({
  tags: z.record(z.string(), z.string()).default({}),
  status: z.string().optional(),
  instanceType: z.string().optional(),
  nodes: z.int().nonnegative().default(1),
});
export type SeedCluster = z.infer<typeof SeedCluster>;

/** The cluster to remove at once, as if somebody else had done it. */
export const VanishCluster = ClusterRef;
export type VanishCluster = z.infer<typeof VanishCluster>;

/** The status that a cluster shows from now on, whether the provider's clients know the word or not. */
export const SetStatus = ClusterRef.extend({ status: z.string(), message: z.string().optional() });
export type SetStatus = z.infer<typeof SetStatus>;

/** How many nodes of a cluster may run. The others are down, and come back when the number grows. */
export const SetRunningNodes = ClusterRef.extend({ nodes: z.int().nonnegative() });
export type SetRunningNodes = z.infer<typeof SetRunningNodes>;

/** A number of nodes, for one type or for each, in one region or in each. The last limit that fits applies. */
export const Limit = z.strictObject({
  region: z.string().optional(),
  instanceType: z.string().optional(),
  nodes: z.int().nonnegative(),
});
export type Limit = z.infer<typeof Limit>;

/** A limit to set from now on; `nodes: null` lifts the limit for the same region and type. */
export const SetLimit = Limit.extend({ nodes: z.int().nonnegative().nullable() });
export type SetLimit = z.infer<typeof SetLimit>;

/**
 * A part of the state that can be cleared. `gone-clusters` are clusters that no longer exist, `live-clusters` those that
 * do; `tokens` are the idempotency tokens of providers that have them.
 */
export const StatePart = z.enum(['journal', 'gone-clusters', 'live-clusters', 'faults', 'limits', 'tokens']);
export type StatePart = z.infer<typeof StatePart>;

/** What to clear: everything, unless parts are named. */
export const Clear = z.strictObject({ parts: z.array(StatePart).default([...StatePart.options]) });
/** How far to move the simulated clock, milliseconds. */
export const Advance = z.strictObject({ ms: z.number().nonnegative() });
/** The fault rules to add. */
export const AddFaults = z.strictObject({ rules: z.array(FaultRule).min(1) });
