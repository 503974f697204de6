import { z } from 'zod';
import { FaultRule } from './faults.ts';

/** A cluster's birth and, once it has gone, its death. Times are simulated milliseconds since the epoch. */
export interface Birth {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  /** The tags it was born with. */
  readonly tags: Readonly<Record<string, string>>;
  /** The provider's own word for its state now; `Gone` after its death. */
  readonly status: string;
  readonly nodes: number;
  readonly createdAtMs: number;
  /** The request id of the call that caused it; null for a seeded cluster. */
  readonly bornBy: string | null;
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
export const SetNodes = ClusterRef.extend({ nodes: z.int().nonnegative() });
export type SetNodes = z.infer<typeof SetNodes>;

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
 * `births` forgets the clusters that have gone, `clusters` also those that live; `tokens` are those that keep a call
 * from being carried out twice, at providers that take them.
 */
export const Part = z.enum(['journal', 'births', 'faults', 'clusters', 'limits', 'tokens']);
export type Part = z.infer<typeof Part>;

export const Clear = z.strictObject({ parts: z.array(Part).default([...Part.options]) });
export const Advance = z.strictObject({ ms: z.number().nonnegative() });
export const ScriptFaults = z.strictObject({ rules: z.array(FaultRule).min(1) });
