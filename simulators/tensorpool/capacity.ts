import type { SetLimit } from '../core/control-messages.ts';
import { limitOf } from '../core/limits.ts';
import { REGION, type Cluster } from './cluster.ts';
import { holdsNodes, isGone } from './life.ts';

/** Nodes of a type that the primary pool has left. */
export function freeNodes(
  instanceType: string,
  capacity: readonly SetLimit[],
  clusters: readonly Cluster[],
  nowMs: number,
): number {
  const limit = limitOf(capacity, REGION, instanceType) ?? Number.POSITIVE_INFINITY;
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
  const limit = limitOf(quotas, REGION, instanceType);
  if (limit === undefined) return undefined;
  const paid = clusters
    .filter((cluster) => !isGone(cluster, nowMs) && cluster.request.instance_type === instanceType)
    .reduce((sum, cluster) => sum + cluster.wanted, 0);
  return limit - paid;
}
