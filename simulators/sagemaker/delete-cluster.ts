import { withJitter } from '../core/durations.ts';
import { randomFor } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import type { Operation } from './context.ts';
import { ClusterInput } from './inputs.ts';
import { mayBeDeleted, statusAt } from './status.ts';
import { parseInput } from './validation.ts';

/** Starts a deletion. The name stays taken until it has ended. Deleting a cluster that is Deleting changes nothing. */
export const deleteCluster: Operation = (context, { region, nowMs }, body) => {
  const input = parseInput(ClusterInput, body);
  const cluster = context.account.visibleCluster(region, input.ClusterName, nowMs);
  if (!mayBeDeleted(cluster, nowMs)) {
    const status = statusAt(cluster, nowMs);
    throw new Refusal('ConflictException', `Cluster ${cluster.arn} cannot be deleted while its status is ${status}.`);
  }
  if (cluster.deletingSinceMs === undefined) {
    const fault = context.faults.takeClusterFault({ operation: 'DeleteCluster', region, clusterName: cluster.name });
    cluster.deletingSinceMs = nowMs;
    cluster.deleteStuck ||= fault?.kind === 'delete-stuck';
    const random = randomFor(context.seed, 'deletion', cluster.arn);
    const endsAtMs = nowMs + withJitter(context.durations.deletingMs, context.jitter, random);
    if (!cluster.deleteStuck) cluster.goneAtMs = Math.min(endsAtMs, cluster.goneAtMs ?? Number.POSITIVE_INFINITY);
  }
  return { ClusterArn: cluster.arn };
};
