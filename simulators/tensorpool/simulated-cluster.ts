import type { SimulatedCluster, SeedCluster } from '../core/control-messages.ts';
import { REGION, type Cluster } from './cluster.ts';
import { isGone, statusAt } from './life.ts';

/** A cluster as the control API tells of it. TensorPool knows no tags: only a seeded one can have been given some. */
export function toSimulatedCluster(cluster: Cluster, nowMs: number): SimulatedCluster {
  const gone = isGone(cluster, nowMs);
  return {
    id: cluster.id,
    name: cluster.name,
    region: REGION,
    tags: cluster.initialTags,
    status: gone ? 'Gone' : statusAt(cluster, nowMs),
    nodes: cluster.granted,
    createdAtMs: cluster.createdAtMs,
    createdByCall: cluster.createdByCall,
    goneAtMs: gone ? (cluster.goneAtMs ?? null) : null,
  };
}

/** A cluster that no call has made, held in its status. */
export function seededCluster(seeded: SeedCluster, id: string, nowMs: number): Cluster {
  const { name, nodes, instanceType = '1xH100', status = 'RUNNING', tags } = seeded;
  return {
    id,
    name,
    request: { instance_type: instanceType, num_nodes: nodes, tp_cluster_name: name, save_keys: false },
    wanted: nodes,
    granted: nodes,
    pool: 'primary',
    hourlyMicros: 0,
    initialTags: tags,
    createdAtMs: nowMs,
    createdByCall: null,
    plan: { kind: 'held', status },
    pendingUntilMs: nowMs,
    visibleToGetAtMs: nowMs,
    visibleToListAtMs: nowMs,
    deletionProtection: false,
    releaseStuck: false,
  };
}
