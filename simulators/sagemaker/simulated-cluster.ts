import type { SeedCluster, SimulatedCluster } from '../core/control-messages.ts';
import { isGone } from '../core/visibility.ts';
import type { Cluster } from './cluster.ts';
import { statusAt } from './status.ts';

const OTHER_OWNERS_ROLE = 'arn:aws:iam::000000000000:role/stranger';

/** A cluster as the control API shows it. */
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

/** A cluster of another owner, which keeps its status. */
export function seededCluster(seeded: SeedCluster, arn: string, nowMs: number): Cluster {
  const { region, name, nodes, instanceType = 'ml.t3.medium', status = 'InService' } = seeded;
  const tags = Object.entries(seeded.tags).map(([Key, Value]) => ({ Key, Value }));
  const group = {
    InstanceGroupName: 'workers',
    InstanceCount: nodes,
    InstanceType: instanceType,
    ExecutionRole: OTHER_OWNERS_ROLE,
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
    plan: { kind: 'forced', status },
    grants: { workers: { instanceType, nodes } },
    nodesLaunchAtMs: nowMs,
    visibleToGetAtMs: nowMs,
    visibleToListAtMs: nowMs,
    deleteStuck: false,
  };
}
