import { z } from 'zod';
import { isGone } from '../core/visibility.ts';
import type { Cluster } from './cluster.ts';
import { failureAt, statusAt } from './status.ts';

/** A request that was accepted and takes time. */
export const TrackedRequest = z.object({
  id: z.string(),
  type: z.enum(['CLUSTER_CLAIM', 'CLUSTER_RELEASE', 'CLUSTER_EDIT']),
  clusterId: z.string(),
  createdAtMs: z.number(),
  /** When an edit ends. The others end when their cluster is ready or gone. */
  doneAtMs: z.number().optional(),
});
export type TrackedRequest = z.infer<typeof TrackedRequest>;

type RequestStatus = 'PENDING' | 'PROCESSING' | 'RETRYING' | 'COMPLETED' | 'FAILED';

/** The status of a request, also long after its cluster is gone. */
export function requestStatusAt(request: TrackedRequest, cluster: Cluster | undefined, nowMs: number): RequestStatus {
  if (cluster === undefined) return 'COMPLETED';
  switch (request.type) {
    case 'CLUSTER_EDIT':
      return nowMs < (request.doneAtMs ?? 0) ? 'PROCESSING' : 'COMPLETED';
    case 'CLUSTER_RELEASE':
      if (isGone(cluster, nowMs)) return 'COMPLETED';
      return cluster.releaseStuck ? 'RETRYING' : 'PROCESSING';
    case 'CLUSTER_CLAIM':
      return claimStatusAt(cluster, nowMs);
  }
}

function claimStatusAt(cluster: Cluster, nowMs: number): RequestStatus {
  const { plan, retrying } = cluster;
  if (plan.kind === 'fails' && nowMs >= plan.failedAtMs) return 'FAILED';
  // Released or removed before it was ready. No source says how the claim ends then.
  if (isGone(cluster, nowMs) || cluster.releasingSinceMs !== undefined) return 'COMPLETED';
  if (plan.kind === 'ready' && nowMs >= plan.readyAtMs) return 'COMPLETED';
  if (plan.kind === 'forced' && plan.status === 'RUNNING') return 'COMPLETED';
  if (nowMs < cluster.pendingUntilMs) return 'PENDING';
  return retrying !== undefined && retrying.fromMs <= nowMs && nowMs < retrying.untilMs ? 'RETRYING' : 'PROCESSING';
}

/** The message about a request, for people. Its words are guesses. */
export function externalMessageAt(request: TrackedRequest, cluster: Cluster | undefined, nowMs: number): string {
  if (cluster === undefined) return 'Done';
  const status = requestStatusAt(request, cluster, nowMs);
  if (status === 'FAILED') return failureAt(cluster, nowMs) ?? 'Cluster provisioning failed';
  if (status === 'RETRYING') return 'Temporarily unavailable, retrying';
  const doing = { CLUSTER_CLAIM: 'Provisioning', CLUSTER_RELEASE: 'Destroying', CLUSTER_EDIT: 'Editing' }[request.type];
  if (status !== 'COMPLETED') return `${doing} cluster ${cluster.id}`;
  return request.type === 'CLUSTER_CLAIM' && statusAt(cluster, nowMs) === 'RUNNING'
    ? `Cluster ${cluster.id} is running`
    : `${doing} cluster ${cluster.id}: done`;
}
