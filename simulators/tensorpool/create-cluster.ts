import { randomFor } from '../core/random.ts';
import { visibleFrom } from '../core/visibility.ts';
import { freeNodes } from './capacity.ts';
import { clusterIdOf, instanceIdsOf, REGION, type Cluster } from './cluster.ts';
import type { Operation, Context } from './context.ts';
import { invalid, nameConflict } from './errors.ts';
import { planCreation } from './plan.ts';
import { createMessage } from './reply-shapes.ts';
import { CreateInput } from './inputs.ts';
import { nodeHourlyMicros } from './instance-types.ts';
import { checkBalance } from './balance.ts';
import { reservesName } from './cluster-names.ts';
import { trackRequest } from './track-request.ts';
import { parseBody } from './validation.ts';

/** Accepts a creation. Only the name keeps a second call from making a second cluster. */
export const createCluster: Operation = (context, { nowMs, requestId }, { body }) => {
  const { account, behaviour, durations, seed } = context;
  const request = parseBody(CreateInput, body);
  const requestedNodes = request.num_nodes ?? 1;
  const nodeMicros = nodeHourlyMicros(request.instance_type);
  if (nodeMicros === undefined) throw invalid(`Invalid instance type: ${request.instance_type}`);
  const id = clusterIdOf(seed, account.nextNumber());
  const name = request.tp_cluster_name ?? `cluster-${id.slice(2)}`;
  if (name === '') throw invalid('Cluster name must not be empty');
  if (account.liveClusters(nowMs).some((cluster) => cluster.name === name && reservesName(cluster, behaviour, nowMs))) {
    throw nameConflict(name);
  }
  const { pool, available } = poolFor(context, request.instance_type, requestedNodes, nowMs);
  const factor = pool === 'fallback' ? (behaviour.fallbackFactor ?? 1) : 1;
  const hourlyMicros = Math.round(nodeMicros * requestedNodes * factor);
  checkBalance(context, request.instance_type, requestedNodes, hourlyMicros, nowMs);

  const fault = context.faults.takeClusterFault({
    operation: 'cluster.create',
    region: REGION,
    clusterName: name,
  });
  const random = randomFor(seed, 'fate', id);
  const cluster: Cluster = {
    id,
    name,
    request,
    requestedNodes,
    pool,
    hourlyMicros,
    initialTags: {},
    createdAtMs: nowMs,
    createdByCall: requestId,
    ...planCreation({ context, createdAtMs: nowMs, requestedNodes, available, fault, random }),
    ...visibleFrom(nowMs, durations),
    deletionProtection: request.deletion_protection ?? false,
  };
  account.state.clusters.push(cluster);
  if (request.save_keys) saveKeys(context, request.public_keys ?? []);
  const claim = trackRequest(context, 'CLUSTER_CLAIM', cluster, nowMs);
  return {
    status: 202,
    body: {
      cluster_id: id,
      ...(behaviour.replyHasInstanceIds ? { instance_ids: instanceIdsOf(cluster) } : {}),
      request_id: behaviour.replyHasRequestId ? claim.id : null,
      message: createMessage(cluster),
    },
  };
};

/** The primary pool while it has the nodes; then the fallback pool, if there is one. */
function poolFor(
  context: Context,
  instanceType: string,
  requestedNodes: number,
  nowMs: number,
): { pool: Cluster['pool']; available: boolean } {
  const enough = freeNodes(context, instanceType, nowMs) >= requestedNodes;
  if (enough || context.behaviour.fallbackFactor === undefined) return { pool: 'primary', available: enough };
  return { pool: 'fallback', available: true };
}

function saveKeys({ account }: Context, keys: readonly string[]): void {
  account.state.savedKeys = [...new Set([...account.state.savedKeys, ...keys])];
}
