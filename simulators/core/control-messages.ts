import { z } from 'zod';
import { FaultRule } from './faults.ts';

/** A cluster that was ever created, whether it exists now or not. Times are simulated milliseconds since the epoch. */
export interface SimulatedCluster {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** The tags it was created with. */
  readonly tags: Readonly<Record<string, string>>;
  /** The provider's own word for its state now; `Gone` once it no longer exists. */
  readonly status: string;
  readonly nodes: number;
  readonly createdAtMs: number;
  /** The request id of the call that created it; null for a seeded cluster. */
  readonly createdByCall: string | null;
  readonly goneAtMs: number | null;
}

const ClusterRef = z.strictObject({ region: z.string(), name: z.string() });

/**
 * A stranger's cluster, put there without a call. It keeps its status until it is deleted; a status or type left out is
 * the provider's usual one.
 */
export const SeedCluster = ClusterRef.extend({
  tags: z.record(z.string(), z.string()).default({}),
  status: z.string().optional(),
  instanceType: z.string().optional(),
  nodes: z.int().nonnegative().default(1),
});
export type SeedCluster = z.infer<typeof SeedCluster>;

/** Removes a cluster out of band, at once. */
export const VanishCluster = ClusterRef;
export type VanishCluster = z.infer<typeof VanishCluster>;

/** Holds a cluster in a status, known to the provider's clients or not. */
export const SetStatus = ClusterRef.extend({ status: z.string(), message: z.string().optional() });
export type SetStatus = z.infer<typeof SetStatus>;

/** Leaves a cluster so many nodes in service. The others are down, and come back when it is given more. */
export const SetRunningNodes = ClusterRef.extend({ nodes: z.int().nonnegative() });
export type SetRunningNodes = z.infer<typeof SetRunningNodes>;

/** How many nodes there may be, of one type or of each, in one region or in each. The rule made last wins. */
export const Limit = z.strictObject({
  region: z.string().optional(),
  instanceType: z.string().optional(),
  nodes: z.int().nonnegative(),
});
export type Limit = z.infer<typeof Limit>;

/** A limit to put in force; `nodes: null` lifts the one set for the same region and type. */
export const SetLimit = Limit.extend({ nodes: z.int().nonnegative().nullable() });
export type SetLimit = z.infer<typeof SetLimit>;

/**
 * What a clear forgets. `gone-clusters` are clusters that no longer exist, `live-clusters` those that do; `tokens` are
 * the idempotency tokens of providers that have them.
 */
export const Part = z.enum(['journal', 'gone-clusters', 'live-clusters', 'faults', 'limits', 'tokens']);
export type Part = z.infer<typeof Part>;

export const Clear = z.strictObject({ parts: z.array(Part).default([...Part.options]) });
export const Advance = z.strictObject({ ms: z.number().nonnegative() });
export const AddFaults = z.strictObject({ rules: z.array(FaultRule).min(1) });
