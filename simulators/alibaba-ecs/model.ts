import { z } from 'zod';

/** An HPC cluster of the service: a container without status, times or tags of its own. Living or gone. */
export const HpcCluster = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  description: z.string(),
  createdAtMs: z.number(),
  /** The request id of the call that caused the birth; null when seeded. */
  createdByCall: z.string().nullable(),
  /** From then on it takes instances; null is never. */
  readyAtMs: z.number().nullable(),
  /** Held by the control API; `Creating` makes it refuse instances. */
  held: z.string().optional(),
  /** It never counts as empty. */
  deleteStuck: z.boolean(),
  visibleToGetAtMs: z.number(),
  visibleToListAtMs: z.number(),
  goneAtMs: z.number().optional(),
});
export type HpcCluster = z.infer<typeof HpcCluster>;

/**
 * What an instance comes to, settled at its birth. Only the clock decides where it stands, so a simulator that was
 * stopped meanwhile goes on as if it had not been.
 */
export const Plan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('runs'), startingAtMs: z.number(), runningAtMs: z.number() }),
  /** It does not start, and ends up Stopped. */
  z.object({ kind: z.literal('fails'), startingAtMs: z.number(), stoppedAtMs: z.number() }),
  /** It stays Starting. */
  z.object({ kind: z.literal('never-ready'), startingAtMs: z.number() }),
  /** Held by the control API. */
  z.object({ kind: z.literal('held'), status: z.string() }),
]);
export type Plan = z.infer<typeof Plan>;

/** One instance, living or gone. */
export const Instance = z.object({
  id: z.string(),
  /** Counts the instances of a region; lists are in this order, newest first. */
  nth: z.int(),
  name: z.string(),
  privateIp: z.string(),
  tags: z.record(z.string(), z.string()),
  plan: Plan,
  autoReleaseAtMs: z.number().optional(),
  /** Since its release was asked for. */
  releasingSinceMs: z.number().optional(),
  goneAtMs: z.number().optional(),
});
export type Instance = z.infer<typeof Instance>;

/** What one RunInstances call made. */
export const Run = z.object({
  /** What the control API knows it by; see simulated-clusters.ts. */
  name: z.string(),
  region: z.string(),
  hpcClusterId: z.string().optional(),
  createdAtMs: z.number(),
  createdByCall: z.string().nullable(),
  initialTags: z.record(z.string(), z.string()),
  instanceType: z.string(),
  imageId: z.string(),
  zoneId: z.string(),
  vSwitchId: z.string(),
  securityGroupIds: z.array(z.string()),
  keyPairName: z.string(),
  spotStrategy: z.string(),
  deletionProtection: z.boolean(),
  /** Its instances are never gone by a release. */
  deleteStuck: z.boolean(),
  visibleToGetAtMs: z.number(),
  visibleToListAtMs: z.number(),
  instances: z.array(Instance),
});
export type Run = z.infer<typeof Run>;
