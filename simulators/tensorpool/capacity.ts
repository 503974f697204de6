import { capacityLimit, quotaLimit } from '../core/limits.ts';
import { isGone } from '../core/visibility.ts';
import { REGION } from './cluster.ts';
import type { Context } from './context.ts';
import { holdsNodes } from './status.ts';

/** Nodes of a type that the primary pool has left. */
export function freeNodes(context: Context, instanceType: string, nowMs: number): number {
  const limit = capacityLimit(context, REGION, instanceType) ?? Number.POSITIVE_INFINITY;
  const held = context.account.state.clusters
    .filter((cluster) => cluster.pool === 'primary' && holdsNodes(cluster, nowMs))
    .filter((cluster) => cluster.request.instance_type === instanceType)
    .reduce((sum, cluster) => sum + cluster.grantedNodes, 0);
  return Math.max(0, limit - held);
}

/** Nodes of a type that the account's money allows beyond those that it pays for; undefined without a limit. */
export function payableNodes(context: Context, instanceType: string, nowMs: number): number | undefined {
  const limit = quotaLimit(context, REGION, instanceType);
  if (limit === undefined) return undefined;
  const paid = context.account.state.clusters
    .filter((cluster) => !isGone(cluster, nowMs) && cluster.request.instance_type === instanceType)
    .reduce((sum, cluster) => sum + cluster.requestedNodes, 0);
  return limit - paid;
}
