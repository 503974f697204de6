import { z } from 'zod';
import { randomFor } from '../core/random.ts';
import { VISIBLE_FROM } from '../core/visibility.ts';
import { CreateInput } from './inputs.ts';

/** TensorPool has no regions: this is the name for the whole service. */
export const REGION = 'global';

/**
 * How a cluster's creation goes, decided when it is created. From then on only the clock decides its status, so that a
 * simulator which was stopped in between goes on as if it had kept running.
 */
const Plan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), readyAtMs: z.number() }),
  z.object({ kind: z.literal('fails'), failedAtMs: z.number(), message: z.string() }),
  z.object({ kind: z.literal('never-ready') }),
  /** The control API sets the status. */
  z.object({ kind: z.literal('forced'), status: z.string(), message: z.string().optional() }),
]);

/** One cluster, live or gone. */
export const Cluster = z.object({
  id: z.string(),
  name: z.string(),
  request: CreateInput,
  requestedNodes: z.int(),
  /** How many of the requested nodes start. */
  grantedNodes: z.int(),
  /** The control API takes down all nodes after so many. */
  maxRunningNodes: z.int().optional(),
  /** The fallback pool costs more. */
  pool: z.enum(['primary', 'fallback']),
  /** The price of the whole cluster. */
  hourlyMicros: z.number(),
  /** The tags that it was seeded with. */
  initialTags: z.record(z.string(), z.string()),
  createdAtMs: z.number(),
  /** The request id of the call that created it; null when seeded. */
  createdByCall: z.string().nullable(),
  plan: Plan,
  pendingUntilMs: z.number(),
  /** When the service itself retries the claim. */
  retrying: z.object({ fromMs: z.number(), untilMs: z.number() }).optional(),
  ...VISIBLE_FROM,
  deletionProtection: z.boolean(),
  releasingSinceMs: z.number().optional(),
  /** Its deletion never ends. */
  releaseStuck: z.boolean(),
  goneAtMs: z.number().optional(),
});
export type Cluster = z.infer<typeof Cluster>;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 12;

/** The id of the cluster of this number, new for each. */
export function clusterIdOf(seed: string, number: number): string {
  return `c-${randomFor(seed, 'cluster', number).text(ALPHABET, ID_LENGTH)}`;
}

/** The ids of a cluster's instances, which it has from its creation. */
export function instanceIdsOf(cluster: Pick<Cluster, 'id' | 'requestedNodes'>): string[] {
  return Array.from(
    { length: cluster.requestedNodes },
    (_, index) => `i-${randomFor(cluster.id, 'instance', index).text(ALPHABET, ID_LENGTH)}`,
  );
}
