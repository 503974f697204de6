import type { SetLimit } from '../core/control-messages.ts';
import { limitOf } from '../core/limits.ts';
import { groupsOf, isContinuous, type AnyGroup, type Cluster } from './cluster.ts';
import { AwsError } from './errors.ts';
import type { CreateClusterInput } from './inputs.ts';
import { holdsNodes } from './life.ts';

export type Grants = Cluster['grants'];

/** What the provider found for a creation: nodes by group, and whether that is enough to go on. */
export interface Allocation {
  readonly grants: Grants;
  readonly verdict: 'enough' | 'too-few' | 'below-minimum';
}

/**
 * Refuses a creation that would go over a quota.
 * @throws AwsError ResourceLimitExceeded
 */
export function checkQuotas(
  request: CreateClusterInput,
  quotas: readonly SetLimit[],
  clusters: readonly Cluster[],
  region: string,
  nowMs: number,
): void {
  for (const [instanceType, wanted] of wantedByType(request)) {
    const quota = limitOf(quotas, region, instanceType);
    if (quota === undefined) continue;
    const used = clusters.reduce((sum, cluster) => sum + askedFor(cluster, instanceType, nowMs), 0);
    if (used + wanted <= quota) continue;
    throw new AwsError(
      'ResourceLimitExceeded',
      `The account-level service limit '${instanceType} for cluster usage' is ${quota} Instances, with current ` +
        `utilization of ${used} Instances and a request delta of ${wanted} Instances. Please use AWS Service Quotas to ` +
        'request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an ' +
        'increase for this quota.',
    );
  }
}

/** Looks for the nodes of a request in what the region has left. */
export function allocate(
  request: CreateClusterInput,
  capacity: readonly SetLimit[],
  clusters: readonly Cluster[],
  region: string,
  nowMs: number,
): Allocation {
  const grants: Grants = {};
  const free = (instanceType: string): number => {
    const limit = limitOf(capacity, region, instanceType) ?? Number.POSITIVE_INFINITY;
    const held = clusters.filter((cluster) => holdsNodes(cluster, nowMs)).map((cluster) => cluster.grants);
    return Math.max(0, limit - [...held, grants].reduce((sum, granted) => sum + nodesOfType(granted, instanceType), 0));
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
  return { grants, verdict: judge(request, grants) };
}

/** The same allocation with at most so many nodes in all, given out in the order of the groups. */
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

/** No nodes at all, for a creation that fails for want of capacity. */
export function allocateNothing(whole: Grants): Grants {
  return Object.fromEntries(Object.entries(whole).map(([name, grant]) => [name, { ...grant, nodes: 0 }]));
}

function grantedTo(grants: Grants, group: AnyGroup): number {
  return grants[group.InstanceGroupName]?.nodes ?? 0;
}

function judge(request: CreateClusterInput, grants: Grants): Allocation['verdict'] {
  if (isContinuous(request)) return 'enough';
  const short = groupsOf(request).filter((group) => grantedTo(grants, group) < group.InstanceCount);
  if (short.some((group) => group.MinInstanceCount === undefined)) return 'too-few';
  return short.some((group) => grantedTo(grants, group) < (group.MinInstanceCount ?? 0)) ? 'below-minimum' : 'enough';
}

function typesOf(group: AnyGroup): readonly string[] {
  return group.InstanceType === undefined ? (group.InstanceRequirements?.InstanceTypes ?? []) : [group.InstanceType];
}

function wantedByType(request: CreateClusterInput): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const group of groupsOf(request)) {
    const [first] = typesOf(group);
    if (first !== undefined) wanted.set(first, (wanted.get(first) ?? 0) + group.InstanceCount);
  }
  return wanted;
}

function askedFor(cluster: Cluster, instanceType: string, nowMs: number): number {
  return holdsNodes(cluster, nowMs) ? (wantedByType(cluster.request).get(instanceType) ?? 0) : 0;
}

function nodesOfType(grants: Grants, instanceType: string): number {
  return Object.values(grants).reduce((sum, grant) => sum + (grant.instanceType === instanceType ? grant.nodes : 0), 0);
}
