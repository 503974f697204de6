import { isGone } from '../core/visibility.ts';
import type { Cluster } from './cluster.ts';

/**
 * The cluster's status at a time. RUNNING is the vendor's word; the others are guesses. A string, because the control
 * API may set any status.
 */
export function statusAt(cluster: Cluster, nowMs: number): string {
  if (cluster.releasingSinceMs !== undefined) return 'TERMINATING';
  const { plan } = cluster;
  if (plan.kind === 'forced') return plan.status;
  if (plan.kind === 'ready' && nowMs >= plan.readyAtMs) return 'RUNNING';
  if (plan.kind === 'fails' && nowMs >= plan.failedAtMs) return 'FAILED';
  return nowMs < cluster.pendingUntilMs ? 'PENDING' : 'PROVISIONING';
}

/** Why the cluster failed; null before it has. */
export function failureAt(cluster: Cluster, nowMs: number): string | null {
  const { plan } = cluster;
  if (plan.kind === 'forced') return plan.message ?? null;
  return plan.kind === 'fails' && nowMs >= plan.failedAtMs ? plan.message : null;
}

/** Whether the cluster has machines, which count against capacity. One that fails without capacity has none. */
export function holdsNodes(cluster: Cluster, nowMs: number): boolean {
  return !isGone(cluster, nowMs) && cluster.grantedNodes > 0 && statusAt(cluster, nowMs) !== 'FAILED';
}
