import { z } from 'zod';
import { VISIBLE_FROM } from '../core/visibility.ts';

/** An HPC cluster of the service, live or gone: a container for instances, without a status, times or tags of its own. */
export const HpcCluster = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  description: z.string(),
  createdAtMs: z.number(),
  /** The request id of the call that created it; null when seeded. */
  createdByCall: z.string().nullable(),
  /** When it starts to accept instances; null for never. */
  readyAtMs: z.number().nullable(),
  /** The control API sets it; `Creating` makes the container refuse instances. */
  forcedStatus: z.string().optional(),
  /** It never counts as empty, so that it cannot be deleted. */
  deleteStuck: z.boolean(),
  ...VISIBLE_FROM,
  goneAtMs: z.number().optional(),
});
export type HpcCluster = z.infer<typeof HpcCluster>;

/**
 * How an instance starts, decided when it is created. From then on only the clock decides its status, so that a
 * simulator which was stopped in between goes on as if it had kept running.
 */
export const Plan = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('runs'), startingAtMs: z.number(), runningAtMs: z.number() }),
  /** It fails to start and becomes Stopped. */
  z.object({ kind: z.literal('fails'), startingAtMs: z.number(), stoppedAtMs: z.number() }),
  /** It stays Starting. */
  z.object({ kind: z.literal('never-ready'), startingAtMs: z.number() }),
  /** The control API sets the status. */
  z.object({ kind: z.literal('forced'), status: z.string() }),
]);
export type Plan = z.infer<typeof Plan>;

/** One instance, live or gone. */
export const Instance = z.object({
  id: z.string(),
  /** Counts the instances of a region. Lists are in this order, newest first. */
  number: z.int(),
  name: z.string(),
  privateIp: z.string(),
  tags: z.record(z.string(), z.string()),
  plan: Plan,
  autoReleaseAtMs: z.number().optional(),
  releasingSinceMs: z.number().optional(),
  goneAtMs: z.number().optional(),
});
export type Instance = z.infer<typeof Instance>;

/** The instances that one RunInstances call created. */
export const Run = z.object({
  /** Its name in the control API; see simulated-clusters.ts. */
  name: z.string(),
  region: z.string(),
  hpcClusterId: z.string().optional(),
  createdAtMs: z.number(),
  createdByCall: z.string().nullable(),
  /** The tags that the instances were created with. */
  initialTags: z.record(z.string(), z.string()),
  instanceType: z.string(),
  imageId: z.string(),
  zoneId: z.string(),
  vSwitchId: z.string(),
  securityGroupIds: z.array(z.string()),
  keyPairName: z.string(),
  spotStrategy: z.string(),
  deletionProtection: z.boolean(),
  /** A release of its instances never ends. */
  deleteStuck: z.boolean(),
  ...VISIBLE_FROM,
  instances: z.array(Instance),
});
export type Run = z.infer<typeof Run>;
