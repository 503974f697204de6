import type { SimulatedCluster, SeedCluster } from '../core/control-messages.ts';
import { isGone } from '../core/visibility.ts';
import { REGION, type Cluster } from './cluster.ts';
import { statusAt } from './status.ts';

/** A cluster as the control API shows it. TensorPool has no tags: only a seeded cluster can have some. */
export function toSimulatedCluster(cluster: Cluster, nowMs: number): SimulatedCluster {
  const gone = isGone(cluster, nowMs);
  return {
    id: cluster.id,
    name: cluster.name,
    region: REGION,
    tags: cluster.initialTags,
    status: gone ? 'Gone' : statusAt(cluster, nowMs),
    nodes: cluster.grantedNodes,
    createdAtMs: cluster.createdAtMs,
    createdByCall: cluster.createdByCall,
    goneAtMs: gone ? (cluster.goneAtMs ?? null) : null,
  };
}

/** A cluster of another owner, which keeps its status. */
export function seededCluster(seeded: SeedCluster, id: string, nowMs: number): Cluster {
  const { name, nodes, instanceType = '1xH100', status = 'RUNNING', tags } = seeded;
  return {
    id,
    name,
    request: { instance_type: instanceType, num_nodes: nodes, tp_cluster_name: name, save_keys: false },
    requestedNodes: nodes,
    grantedNodes: nodes,
    pool: 'primary',
    hourlyMicros: 0,
    initialTags: tags,
    createdAtMs: nowMs,
    createdByCall: null,
    plan: { kind: 'forced', status },
    pendingUntilMs: nowMs,
    visibleToGetAtMs: nowMs,
    visibleToListAtMs: nowMs,
    deletionProtection: false,
    releaseStuck: false,
  };
}
