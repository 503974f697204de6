import { jittered } from '../core/durations.ts';
import { randomFor } from '../core/random.ts';
import { REGION } from './cluster.ts';
import type { Operation } from './context.ts';
import { invalid, nameConflict, Refusal } from './errors.ts';
import { EditInput } from './inputs.ts';
import { statusAt } from './life.ts';
import { holdsName } from './names.ts';
import { track } from './track.ts';
import { parseBody } from './validation.ts';

const PROVISIONING = new Set(['PENDING', 'PROVISIONING']);

/** Begins a deletion, or names the one that has begun. The status of the refusals is guessed: no source tells it. */
export const destroyCluster: Operation = (setting, { nowMs }, { id }) => {
  const { account, behaviour, durations, faults, jitter, seed } = setting;
  const cluster = account.visible(id, nowMs);
  if (cluster.deletionProtection) {
    throw new Refusal(400, 'Protected', `Cluster ${id} has deletion protection enabled`);
  }
  if (PROVISIONING.has(statusAt(cluster, nowMs)) && behaviour.destroyWhileProvisioning === 'refused') {
    throw new Refusal(400, 'Provisioning', `Cluster ${id} is still being provisioned`);
  }
  if (cluster.releasingSinceMs === undefined) {
    const clusterFault = faults.takeClusterFault({
      operation: 'cluster.destroy',
      region: REGION,
      clusterName: cluster.name,
    });
    cluster.releasingSinceMs = nowMs;
    cluster.releaseStuck ||= clusterFault?.kind === 'delete-stuck';
    const takesMs = jittered(durations.releasingMs, jitter, randomFor(seed, 'release', id));
    if (!cluster.releaseStuck) cluster.goneAtMs = Math.min(nowMs + takesMs, cluster.goneAtMs ?? Infinity);
    track(setting, 'CLUSTER_RELEASE', cluster, nowMs);
  }
  const release = account.state.requests.find(
    (request) => request.clusterId === id && request.type === 'CLUSTER_RELEASE',
  );
  return {
    status: 202,
    body: { cluster_id: id, request_id: release?.id ?? null, message: `Cluster ${id} destruction initiated` },
  };
};

/** Renames a cluster or sets its protection, at once; the request takes a while to say so. */
export const editCluster: Operation = (setting, { nowMs }, { id, body }) => {
  const { account, behaviour } = setting;
  const input = parseBody(EditInput, body);
  const cluster = account.visible(id, nowMs);
  const name = input.cluster_name ?? input.tp_cluster_name ?? cluster.name;
  const protection = input.deletion_protection ?? cluster.deletionProtection;
  if (name === cluster.name && protection === cluster.deletionProtection) throw invalid('No changes specified');
  const others = account.living(nowMs).filter((other) => other !== cluster && other.name === name);
  if (others.some((other) => holdsName(other, behaviour, nowMs))) throw nameConflict(name);
  cluster.name = name;
  cluster.deletionProtection = protection;
  const request = track(setting, 'CLUSTER_EDIT', cluster, nowMs);
  return { status: 202, body: { request_id: request.id, message: `Cluster ${id} edit initiated` } };
};
