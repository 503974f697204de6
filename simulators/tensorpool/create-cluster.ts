import { randomFor } from '../core/random.ts';
import { freeNodes } from './capacity.ts';
import { clusterIdOf, instanceIdsOf, REGION, type Cluster } from './cluster.ts';
import type { Operation, Setting } from './context.ts';
import { invalid, nameConflict } from './errors.ts';
import { planCreation } from './plan.ts';
import { createMessage } from './inferred.ts';
import { CreateInput } from './inputs.ts';
import { nodeHourlyMicros } from './instance-types.ts';
import { checkBalance } from './money.ts';
import { holdsName } from './names.ts';
import { track } from './track.ts';
import { parseBody } from './validation.ts';

/** Accepts a creation. Nothing but the name keeps a second call from making a second cluster. */
export const createCluster: Operation = (setting, { nowMs, requestId }, { body }) => {
  const { account, behaviour, durations, seed } = setting;
  const request = parseBody(CreateInput, body);
  const wanted = request.num_nodes ?? 1;
  const nodeMicros = nodeHourlyMicros(request.instance_type);
  if (nodeMicros === undefined) throw invalid(`Invalid instance type: ${request.instance_type}`);
  const id = clusterIdOf(seed, account.nextIncarnation());
  const name = request.tp_cluster_name ?? `cluster-${id.slice(2)}`;
  if (name === '') throw invalid('Cluster name must not be empty');
  if (account.living(nowMs).some((cluster) => cluster.name === name && holdsName(cluster, behaviour, nowMs))) {
    throw nameConflict(name);
  }
  const { pool, available } = poolFor(setting, request.instance_type, wanted, nowMs);
  const factor = pool === 'fallback' ? (behaviour.fallbackFactor ?? 1) : 1;
  const hourlyMicros = Math.round(nodeMicros * wanted * factor);
  checkBalance(setting, request.instance_type, wanted, hourlyMicros, nowMs);

  const clusterFault = setting.faults.takeClusterFault({
    operation: 'cluster.create',
    region: REGION,
    clusterName: name,
  });
  const random = randomFor(seed, 'fate', id);
  const cluster: Cluster = {
    id,
    name,
    request,
    wanted,
    pool,
    hourlyMicros,
    initialTags: {},
    createdAtMs: nowMs,
    createdByCall: requestId,
    ...planCreation({ setting, createdAtMs: nowMs, wanted, available, clusterFault, random }),
    visibleToGetAtMs: nowMs + durations.getLagMs,
    visibleToListAtMs: nowMs + durations.listLagMs,
    deletionProtection: request.deletion_protection ?? false,
  };
  account.state.clusters.push(cluster);
  if (request.save_keys) saveKeys(setting, request.public_keys ?? []);
  const claim = track(setting, 'CLUSTER_CLAIM', cluster, nowMs);
  return {
    status: 202,
    body: {
      cluster_id: id,
      ...(behaviour.tellsInstanceIds ? { instance_ids: instanceIdsOf(cluster) } : {}),
      request_id: behaviour.tellsRequestId ? claim.id : null,
      message: createMessage(cluster),
    },
  };
};

/** The primary pool while it has the nodes; then the fallback, where there is one. */
function poolFor(
  { account, capacity, behaviour }: Setting,
  instanceType: string,
  wanted: number,
  nowMs: number,
): { pool: Cluster['pool']; available: boolean } {
  const limits = [...capacity, ...account.state.capacity];
  const enough = freeNodes(instanceType, limits, account.living(nowMs), nowMs) >= wanted;
  if (enough || behaviour.fallbackFactor === undefined) return { pool: 'primary', available: enough };
  return { pool: 'fallback', available: true };
}

function saveKeys({ account }: Setting, keys: readonly string[]): void {
  account.state.savedKeys = [...new Set([...account.state.savedKeys, ...keys])];
}
