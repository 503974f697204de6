import { withJitter } from '../core/durations.ts';
import { randomFor } from '../core/random.ts';
import { Refusal } from '../core/refusal.ts';
import { REGION } from './cluster.ts';
import type { Operation } from './context.ts';
import { invalid, nameConflict } from './errors.ts';
import { EditInput } from './inputs.ts';
import { statusAt } from './status.ts';
import { reservesName } from './cluster-names.ts';
import { trackRequest } from './track-request.ts';
import { parseBody } from './validation.ts';

const PROVISIONING = new Set(['PENDING', 'PROVISIONING']);

/** Starts a deletion, or names the one that has started. The statuses of the refusals are guesses. */
export const destroyCluster: Operation = (context, { nowMs }, { id }) => {
  const { account, behaviour, durations, faults, jitter, seed } = context;
  const cluster = account.visibleCluster(id, nowMs);
  if (cluster.deletionProtection) {
    throw new Refusal('Protected', `Cluster ${id} has deletion protection enabled`);
  }
  if (PROVISIONING.has(statusAt(cluster, nowMs)) && behaviour.destroyWhileProvisioning === 'refused') {
    throw new Refusal('Provisioning', `Cluster ${id} is still being provisioned`);
  }
  if (cluster.releasingSinceMs === undefined) {
    const fault = faults.takeClusterFault({
      operation: 'cluster.destroy',
      region: REGION,
      clusterName: cluster.name,
    });
    cluster.releasingSinceMs = nowMs;
    cluster.releaseStuck ||= fault?.kind === 'delete-stuck';
    const takesMs = withJitter(durations.releasingMs, jitter, randomFor(seed, 'release', id));
    if (!cluster.releaseStuck) cluster.goneAtMs = Math.min(nowMs + takesMs, cluster.goneAtMs ?? Infinity);
    trackRequest(context, 'CLUSTER_RELEASE', cluster, nowMs);
  }
  const release = account.state.requests.find(
    (request) => request.clusterId === id && request.type === 'CLUSTER_RELEASE',
  );
  return {
    status: 202,
    body: { cluster_id: id, request_id: release?.id ?? null, message: `Cluster ${id} destruction initiated` },
  };
};

/** Renames a cluster or sets its protection at once. Its request takes a while to end. */
export const editCluster: Operation = (context, { nowMs }, { id, body }) => {
  const { account, behaviour } = context;
  const input = parseBody(EditInput, body);
  const cluster = account.visibleCluster(id, nowMs);
  const name = input.cluster_name ?? input.tp_cluster_name ?? cluster.name;
  const protection = input.deletion_protection ?? cluster.deletionProtection;
  if (name === cluster.name && protection === cluster.deletionProtection) throw invalid('No changes specified');
  const others = account.liveClusters(nowMs).filter((other) => other !== cluster && other.name === name);
  if (others.some((other) => reservesName(other, behaviour, nowMs))) throw nameConflict(name);
  cluster.name = name;
  cluster.deletionProtection = protection;
  const request = trackRequest(context, 'CLUSTER_EDIT', cluster, nowMs);
  return { status: 202, body: { request_id: request.id, message: `Cluster ${id} edit initiated` } };
};
