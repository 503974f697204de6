import { z } from 'zod';
import { VISIBLE_FROM } from '../core/visibility.ts';
import { CreateClusterInput, Tag } from './inputs.ts';

/**
 * How a cluster's creation goes, decided when it is created. From then on only the clock decides its status, so that a
 * simulator which was stopped in between goes on as if it had kept running.
 */
export const Plan = z.discriminatedUnion('kind', [
  /** `fullAtMs` is when the last node runs. It is later than `inServiceAtMs` only with continuous provisioning. */
  z.object({ kind: z.literal('ready'), inServiceAtMs: z.number(), fullAtMs: z.number() }),
  z.object({ kind: z.literal('fails'), rollingBackAtMs: z.number(), failedAtMs: z.number(), message: z.string() }),
  z.object({ kind: z.literal('never-ready') }),
  /** The control API sets the status. */
  z.object({ kind: z.literal('forced'), status: z.string(), message: z.string().optional() }),
]);
export type Plan = z.infer<typeof Plan>;

/** One cluster, live or gone. */
export const Cluster = z.object({
  arn: z.string(),
  name: z.string(),
  region: z.string(),
  request: CreateClusterInput,
  /** The tags that it was created with. */
  initialTags: z.array(Tag),
  tags: z.array(Tag),
  createdAtMs: z.number(),
  /** The request id of the call that created it; null when seeded. */
  createdByCall: z.string().nullable(),
  plan: Plan,
  /** The nodes that the provider found, by group name; they can be fewer than requested. */
  grants: z.record(z.string(), z.object({ instanceType: z.string(), nodes: z.int() })),
  /** The control API takes down all nodes after so many. */
  maxRunningNodes: z.int().optional(),
  /** When the instances get their ids. */
  nodesLaunchAtMs: z.number(),
  ...VISIBLE_FROM,
  deletingSinceMs: z.number().optional(),
  /** Its deletion never ends, as when its execution role has been deleted. */
  deleteStuck: z.boolean(),
  goneAtMs: z.number().optional(),
});
export type Cluster = z.infer<typeof Cluster>;

/** The members that both kinds of instance group share. */
export type AnyGroup = NonNullable<CreateClusterInput['InstanceGroups']>[number];

/** All groups of a request. A restricted group lacks the members that only the others have. */
export function groupsOf(request: CreateClusterInput): AnyGroup[] {
  return [...(request.InstanceGroups ?? []), ...(request.RestrictedInstanceGroups ?? [])];
}

/** Continuous provisioning takes the nodes that exist and goes on; without it a cluster gets all its nodes or fails. */
export function isContinuous(request: CreateClusterInput): boolean {
  return request.NodeProvisioningMode === 'Continuous';
}
