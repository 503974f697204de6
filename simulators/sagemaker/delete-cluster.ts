import { jittered } from '../core/durations.ts';
import { randomFor } from '../core/random.ts';
import type { Operation } from './context.ts';
import { AwsError } from './errors.ts';
import { ClusterInput } from './inputs.ts';
import { mayBeDeleted, statusAt } from './life.ts';
import { parseInput } from './validation.ts';

/** Begins a deletion. The name stays taken until it has ended; deleting a cluster that is Deleting changes nothing. */
export const deleteCluster: Operation = (setting, { region, nowMs }, body) => {
  const input = parseInput(ClusterInput, body);
  const cluster = setting.account.visible(region, input.ClusterName, nowMs);
  if (!mayBeDeleted(cluster, nowMs)) {
    const status = statusAt(cluster, nowMs);
    throw new AwsError('ConflictException', `Cluster ${cluster.arn} cannot be deleted while its status is ${status}.`);
  }
  if (cluster.deletingSinceMs === undefined) {
    const clusterFault = setting.faults.takeClusterFault({
      operation: 'DeleteCluster',
      region,
      clusterName: cluster.name,
    });
    cluster.deletingSinceMs = nowMs;
    cluster.deleteStuck ||= clusterFault?.kind === 'delete-stuck';
    const random = randomFor(setting.seed, 'deletion', cluster.arn);
    const takesMs = jittered(setting.durations.deletingMs, setting.jitter, random);
    if (!cluster.deleteStuck)
      cluster.goneAtMs = Math.min(nowMs + takesMs, cluster.goneAtMs ?? Number.POSITIVE_INFINITY);
  }
  return { ClusterArn: cluster.arn };
};
