import { z } from 'zod';
import { CreateClusterInput, Tag } from './inputs.ts';

/**
 * What a cluster's creation comes to, settled at its birth. Only the clock decides where it stands, so a simulator
 * that was stopped meanwhile goes on as if it had not been.
 */
export const Plan = z.discriminatedUnion('kind', [
  /** `fullAtMs` is when the last granted node runs; later than InService only with continuous provisioning. */
  z.object({ kind: z.literal('ready'), inServiceAtMs: z.number(), fullAtMs: z.number() }),
  z.object({ kind: z.literal('fails'), rollingBackAtMs: z.number(), failedAtMs: z.number(), message: z.string() }),
  z.object({ kind: z.literal('never-ready') }),
  /** Held by the control API. */
  z.object({ kind: z.literal('held'), status: z.string(), message: z.string().optional() }),
]);
export type Plan = z.infer<typeof Plan>;

/** One incarnation of a cluster, living or gone. */
export const Cluster = z.object({
  arn: z.string(),
  name: z.string(),
  region: z.string(),
  request: CreateClusterInput,
  initialTags: z.array(Tag),
  tags: z.array(Tag),
  createdAtMs: z.number(),
  /** The request id of the call that caused the birth; null when seeded. */
  createdByCall: z.string().nullable(),
  plan: Plan,
  /** Nodes and their type by group name: what the provider found, which can be less than asked for. */
  grants: z.record(z.string(), z.object({ instanceType: z.string(), nodes: z.int() })),
  /** The nodes after the first so many are being replaced, by the control API. */
  maxRunningNodes: z.int().optional(),
  /** When the instances get their ids. */
  nodesLaunchAtMs: z.number(),
  visibleToGetAtMs: z.number(),
  visibleToListAtMs: z.number(),
  deletingSinceMs: z.number().optional(),
  /** Its deletion never ends, as when the execution role is gone. */
  deleteStuck: z.boolean(),
  goneAtMs: z.number().optional(),
});
export type Cluster = z.infer<typeof Cluster>;

/** An instance group of either kind, as far as both are alike. */
export type AnyGroup = NonNullable<CreateClusterInput['InstanceGroups']>[number];

/** All groups of a request. Restricted groups are those without the members only the others have. */
export function groupsOf(request: CreateClusterInput): AnyGroup[] {
  return [...(request.InstanceGroups ?? []), ...(request.RestrictedInstanceGroups ?? [])];
}

/** Continuous provisioning takes what there is and goes on; otherwise a cluster gets all of its nodes or fails. */
export function isContinuous(request: CreateClusterInput): boolean {
  return request.NodeProvisioningMode === 'Continuous';
}
