import type { Cluster } from './cluster.ts';

/** Whether the cluster has gone. */
export function isGone(cluster: Cluster, nowMs: number): boolean {
  return cluster.goneAtMs !== undefined && cluster.goneAtMs <= nowMs;
}

/**
 * The cluster's status at a time. RUNNING is the vendor's word; the others are guessed. A string, because the control
 * API may hold it in one that nobody knows yet.
 */
export function statusAt(cluster: Cluster, nowMs: number): string {
  if (cluster.releasingSinceMs !== undefined) return 'TERMINATING';
  const { plan } = cluster;
  if (plan.kind === 'held') return plan.status;
  if (plan.kind === 'ready' && nowMs >= plan.readyAtMs) return 'RUNNING';
  if (plan.kind === 'fails' && nowMs >= plan.failedAtMs) return 'FAILED';
  return nowMs < cluster.pendingUntilMs ? 'PENDING' : 'PROVISIONING';
}

/** Why the cluster failed; null while nothing is wrong. */
export function failureAt(cluster: Cluster, nowMs: number): string | null {
  const { plan } = cluster;
  if (plan.kind === 'held') return plan.message ?? null;
  return plan.kind === 'fails' && nowMs >= plan.failedAtMs ? plan.message : null;
}

/** Whether the cluster holds machines, which count against capacity. One that fails for want of them holds none. */
export function holdsNodes(cluster: Cluster, nowMs: number): boolean {
  return !isGone(cluster, nowMs) && cluster.granted > 0 && statusAt(cluster, nowMs) !== 'FAILED';
}
