import { isGone } from '../core/visibility.ts';
import type { Cluster } from './cluster.ts';

/** The statuses in which the service accepts a deletion; in all others it answers ConflictException. */
const DELETABLE = new Set(['InService', 'Failed', 'Deleting']);

/** The cluster's status at a time. A string, because the control API may set a status that the service does not know. */
export function statusAt(cluster: Cluster, nowMs: number): string {
  if (cluster.deletingSinceMs !== undefined) return 'Deleting';
  const { plan } = cluster;
  switch (plan.kind) {
    case 'ready':
      return nowMs < plan.inServiceAtMs ? 'Creating' : 'InService';
    case 'fails':
      if (nowMs < plan.rollingBackAtMs) return 'Creating';
      return nowMs < plan.failedAtMs ? 'RollingBack' : 'Failed';
    case 'never-ready':
      return 'Creating';
    case 'forced':
      return plan.status;
  }
}

/** Why the cluster failed, from the moment when it rolls back; empty before that. */
export function failureMessageAt({ plan }: Cluster, nowMs: number): string {
  if (plan.kind === 'forced') return plan.message ?? '';
  return plan.kind === 'fails' && nowMs >= plan.rollingBackAtMs ? plan.message : '';
}

/** Whether the service accepts a deletion of the cluster at this time. */
export function mayBeDeleted(cluster: Cluster, nowMs: number): boolean {
  return DELETABLE.has(statusAt(cluster, nowMs));
}

/** Whether the cluster has instances, which count against capacity and quotas. */
export function holdsNodes(cluster: Cluster, nowMs: number): boolean {
  if (isGone(cluster, nowMs)) return false;
  if (cluster.plan.kind === 'fails') return nowMs < cluster.plan.failedAtMs;
  return statusAt(cluster, nowMs) !== 'Failed';
}
