import { capacityLimit, quotaLimit } from '../core/limits.ts';
import { Refusal } from '../core/refusal.ts';
import { groupsOf, isContinuous, type AnyGroup, type Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import type { CreateClusterInput } from './inputs.ts';
import { holdsNodes } from './status.ts';

/** Nodes and their type, by group name. */
export type Grants = Cluster['grants'];

/** The nodes that the provider found for a creation, and whether they are enough to go on. */
export interface Allocation {
  readonly grants: Grants;
  readonly verdict: 'enough' | 'too-few' | 'below-minimum';
}

/**
 * Refuses a creation that exceeds a quota.
 * @throws Refusal ResourceLimitExceeded
 */
export function checkQuotas(context: Context, request: CreateClusterInput, region: string, nowMs: number): void {
  const clusters = context.account.liveClusters(region, nowMs);
  for (const [instanceType, requested] of requestedByType(request)) {
    const quota = quotaLimit(context, region, instanceType);
    if (quota === undefined) continue;
    const used = clusters.reduce((sum, cluster) => sum + requestedNodes(cluster, instanceType, nowMs), 0);
    if (used + requested <= quota) continue;
    throw new Refusal(
      'ResourceLimitExceeded',
      `The account-level service limit '${instanceType} for cluster usage' is ${quota} Instances, with current ` +
        `utilization of ${used} Instances and a request delta of ${requested} Instances. Please use AWS Service Quotas to ` +
        'request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an ' +
        'increase for this quota.',
    );
  }
}

/** Allocates the nodes of a request from what the region has left. */
export function allocate(context: Context, request: CreateClusterInput, region: string, nowMs: number): Allocation {
  const holders = context.account.liveClusters(region, nowMs).filter((cluster) => holdsNodes(cluster, nowMs));
  const grants: Grants = {};
  const free = (instanceType: string): number => {
    const limit = capacityLimit(context, region, instanceType) ?? Number.POSITIVE_INFINITY;
    const granted = [...holders.map((cluster) => cluster.grants), grants];
    return Math.max(0, limit - granted.reduce((sum, each) => sum + nodesOfType(each, instanceType), 0));
  };
  for (const group of groupsOf(request)) {
    const types = typesOf(group).map((instanceType) => ({ instanceType, free: free(instanceType) }));
    const best = types.find((type) => type.free >= group.InstanceCount) ?? types.sort((a, b) => b.free - a.free)[0];
    if (best === undefined) continue;
    grants[group.InstanceGroupName] = {
      instanceType: best.instanceType,
      nodes: Math.min(group.InstanceCount, best.free),
    };
  }
  return { grants, verdict: verdictOf(request, grants) };
}

/** The same allocation with at most this many nodes in all, given to the groups in their order. */
export function allocatePart(request: CreateClusterInput, whole: Grants, nodes: number): Allocation {
  let left = nodes;
  const grants: Grants = {};
  for (const [name, grant] of Object.entries(whole)) {
    const granted = Math.min(grant.nodes, left);
    left -= granted;
    grants[name] = { ...grant, nodes: granted };
  }
  const short = groupsOf(request).some((group) => grantedTo(grants, group) < (group.MinInstanceCount ?? 0));
  return { grants, verdict: short ? 'below-minimum' : 'enough' };
}

/** An allocation without nodes, for a creation that fails because there are none. */
export function allocateNothing(whole: Grants): Grants {
  return Object.fromEntries(Object.entries(whole).map(([name, grant]) => [name, { ...grant, nodes: 0 }]));
}

function grantedTo(grants: Grants, group: AnyGroup): number {
  return grants[group.InstanceGroupName]?.nodes ?? 0;
}

function verdictOf(request: CreateClusterInput, grants: Grants): Allocation['verdict'] {
  if (isContinuous(request)) return 'enough';
  const short = groupsOf(request).filter((group) => grantedTo(grants, group) < group.InstanceCount);
  if (short.some((group) => group.MinInstanceCount === undefined)) return 'too-few';
  return short.some((group) => grantedTo(grants, group) < (group.MinInstanceCount ?? 0)) ? 'below-minimum' : 'enough';
}

function typesOf(group: AnyGroup): readonly string[] {
  return group.InstanceType === undefined ? (group.InstanceRequirements?.InstanceTypes ?? []) : [group.InstanceType];
}

function requestedByType(request: CreateClusterInput): Map<string, number> {
  const requested = new Map<string, number>();
  for (const group of groupsOf(request)) {
    const [first] = typesOf(group);
    if (first !== undefined) requested.set(first, (requested.get(first) ?? 0) + group.InstanceCount);
  }
  return requested;
}

function requestedNodes(cluster: Cluster, instanceType: string, nowMs: number): number {
  return holdsNodes(cluster, nowMs) ? (requestedByType(cluster.request).get(instanceType) ?? 0) : 0;
}

function nodesOfType(grants: Grants, instanceType: string): number {
  return Object.values(grants).reduce((sum, grant) => sum + (grant.instanceType === instanceType ? grant.nodes : 0), 0);
}
