import type { SimulatedCluster, SeedCluster } from '../core/control-messages.ts';
import type { Cluster } from './cluster.ts';
import { isGone, statusAt } from './life.ts';

const STRANGERS_ROLE = 'arn:aws:iam::000000000000:role/stranger';

/** A cluster as the control API tells of it. */
export function toSimulatedCluster(cluster: Cluster, nowMs: number): SimulatedCluster {
  const gone = isGone(cluster, nowMs);
  return {
    id: cluster.arn,
    name: cluster.name,
    region: cluster.region,
    tags: Object.fromEntries(cluster.initialTags.map((tag) => [tag.Key, tag.Value])),
    status: gone ? 'Gone' : statusAt(cluster, nowMs),
    nodes: Object.values(cluster.grants).reduce((sum, grant) => sum + grant.nodes, 0),
    createdAtMs: cluster.createdAtMs,
    createdByCall: cluster.createdByCall,
    goneAtMs: gone ? (cluster.goneAtMs ?? null) : null,
  };
}

/** A cluster that no call has made, held in its status. */
export function seededCluster(seeded: SeedCluster, arn: string, nowMs: number): Cluster {
  const { region, name, nodes, instanceType = 'ml.t3.medium', status = 'InService' } = seeded;
  const tags = Object.entries(seeded.tags).map(([Key, Value]) => ({ Key, Value }));
  const group = {
    InstanceGroupName: 'workers',
    InstanceCount: nodes,
    InstanceType: instanceType,
    ExecutionRole: STRANGERS_ROLE,
  };
  return {
    arn,
    name,
    region,
    request: { ClusterName: name, InstanceGroups: [group], Tags: tags },
    initialTags: tags,
    tags,
    createdAtMs: nowMs,
    createdByCall: null,
    plan: { kind: 'held', status },
    grants: { workers: { instanceType, nodes } },
    nodesLaunchAtMs: nowMs,
    visibleToGetAtMs: nowMs,
    visibleToListAtMs: nowMs,
    deleteStuck: false,
  };
}
