import type { Cluster } from './cluster.ts';

/** Statuses in which the service takes a deletion; in all others it answers ConflictException. */
const DELETABLE = new Set(['InService', 'Failed', 'Deleting']);

/** Whether the cluster has gone, and its name with it. */
export function isGone(cluster: Cluster, nowMs: number): boolean {
  return cluster.goneAtMs !== undefined && cluster.goneAtMs <= nowMs;
}

/** The cluster's status at a time. A string, because the control API may hold it in one that nobody knows yet. */
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
    case 'held':
      return plan.status;
  }
}

/** Why the cluster failed, from the moment it rolls back; empty while nothing is wrong. */
export function failureMessageAt(cluster: Cluster, nowMs: number): string {
  const { plan } = cluster;
  if (plan.kind === 'held') return plan.message ?? '';
  return plan.kind === 'fails' && nowMs >= plan.rollingBackAtMs ? plan.message : '';
}

export function mayBeDeleted(cluster: Cluster, nowMs: number): boolean {
  return DELETABLE.has(statusAt(cluster, nowMs));
}

/** Whether the cluster still holds instances, which count against capacity and quotas. */
export function holdsNodes(cluster: Cluster, nowMs: number): boolean {
  if (isGone(cluster, nowMs)) return false;
  if (cluster.plan.kind === 'fails') return nowMs < cluster.plan.failedAtMs;
  return statusAt(cluster, nowMs) !== 'Failed';
}
