import { z } from 'zod';
import { randomFor } from '../core/random.ts';
import { CreateInput } from './inputs.ts';

/** TensorPool has no regions: this stands for the one place there is. */
export const REGION = 'global';

/**
 * What a creation comes to, settled at its birth. Only the clock decides where it stands, so a simulator that was
 * stopped meanwhile goes on as if it had not been.
 */
const Plan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), readyAtMs: z.number() }),
  z.object({ kind: z.literal('fails'), failedAtMs: z.number(), message: z.string() }),
  z.object({ kind: z.literal('never-ready') }),
  /** Held by the control API. */
  z.object({ kind: z.literal('held'), status: z.string(), message: z.string().optional() }),
]);

/** One cluster, living or gone. */
export const Cluster = z.object({
  id: z.string(),
  name: z.string(),
  request: CreateInput,
  /** Nodes asked for, and how many of them come up. */
  wanted: z.int(),
  granted: z.int(),
  /** The nodes after the first so many are down, by the control API. */
  maxRunningNodes: z.int().optional(),
  /** The fallback pool costs more. */
  pool: z.enum(['primary', 'fallback']),
  /** Price of the whole cluster. */
  hourlyMicros: z.number(),
  initialTags: z.record(z.string(), z.string()),
  createdAtMs: z.number(),
  /** The request id of the call that caused the birth; null when seeded. */
  createdByCall: z.string().nullable(),
  plan: Plan,
  pendingUntilMs: z.number(),
  /** While the service tries again by itself. */
  retrying: z.object({ fromMs: z.number(), untilMs: z.number() }).optional(),
  visibleToGetAtMs: z.number(),
  visibleToListAtMs: z.number(),
  deletionProtection: z.boolean(),
  releasingSinceMs: z.number().optional(),
  /** Its deletion never ends. */
  releaseStuck: z.boolean(),
  goneAtMs: z.number().optional(),
});
export type Cluster = z.infer<typeof Cluster>;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 12;

/** The id of the nth cluster ever, new for every one. */
export function clusterIdOf(seed: string, incarnation: number): string {
  return `c-${randomFor(seed, 'cluster', incarnation).text(ALPHABET, ID_LENGTH)}`;
}

/** The ids of a cluster's instances, known from its birth. */
export function instanceIdsOf(cluster: Pick<Cluster, 'id' | 'wanted'>): string[] {
  return Array.from(
    { length: cluster.wanted },
    (_, index) => `i-${randomFor(cluster.id, 'instance', index).text(ALPHABET, ID_LENGTH)}`,
  );
}
