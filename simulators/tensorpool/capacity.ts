import type { SetLimit } from '../core/control-messages.ts';
import { REGION, type Cluster } from './cluster.ts';
import { holdsNodes, isGone } from './life.ts';

/** The limits after a change: one for the same region and type replaces the earlier one. */
export function withLimit(limits: readonly SetLimit[], change: SetLimit): SetLimit[] {
  const isOther = (limit: SetLimit): boolean =>
    limit.region !== change.region || limit.instanceType !== change.instanceType;
  return [...limits.filter(isOther), change];
}

/** Nodes of a type that the primary pool has left. */
export function freeNodes(
  instanceType: string,
  capacity: readonly SetLimit[],
  clusters: readonly Cluster[],
  nowMs: number,
): number {
  const limit = limitOf(capacity, instanceType) ?? Number.POSITIVE_INFINITY;
  const held = clusters
    .filter((cluster) => cluster.pool === 'primary' && holdsNodes(cluster, nowMs))
    .filter((cluster) => cluster.request.instance_type === instanceType)
    .reduce((sum, cluster) => sum + cluster.granted, 0);
  return Math.max(0, limit - held);
}

/** Nodes of a type that the account's money allows, beyond those it pays for already; undefined without a limit. */
export function payableNodes(
  instanceType: string,
  quotas: readonly SetLimit[],
  clusters: readonly Cluster[],
  nowMs: number,
): number | undefined {
  const limit = limitOf(quotas, instanceType);
  if (limit === undefined) return undefined;
  const paid = clusters
    .filter((cluster) => !isGone(cluster, nowMs) && cluster.request.instance_type === instanceType)
    .reduce((sum, cluster) => sum + cluster.wanted, 0);
  return limit - paid;
}

/** The last rule that fits, because later ones go over earlier ones; one of null lifts the limit. */
function limitOf(limits: readonly SetLimit[], instanceType: string): number | undefined {
  const limit = limits.findLast(
    (candidate) => (candidate.region ?? REGION) === REGION && (candidate.instanceType ?? instanceType) === instanceType,
  );
  return limit?.nodes ?? undefined;
}
