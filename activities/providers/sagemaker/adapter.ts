import type { CreateClusterCommandInput } from '@aws-sdk/client-sagemaker';
import type { ClusterNode } from '../../../contracts/cluster.ts';
import { MAX_DESCRIBED_NODES, MAX_LISTED_NODES, VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import type { FoundCluster, Provider } from '../provider.ts';
import { sagemakerCalls } from './calls.ts';
import type { SageMakerOptions } from './client.ts';
import { unsure } from './errors.ts';
import { loginCommands, toNode } from './nodes.ts';
import { stateOf, toObservation, toUnits } from './states.ts';

/** SageMaker HyperPod: one cluster a name and region, owned by whom its key tag says. */
export function sagemakerProvider(options: SageMakerOptions): Provider {
  const service = sagemakerCalls(options);
  return {
    name: 'sagemaker',
    idempotency: 'unique-name',
    calls: [
      'CreateCluster',
      'DescribeCluster',
      'ListTags',
      'ListClusters',
      'ListClusterNodes',
      'DescribeClusterNode',
      'DeleteCluster',
    ],

    async find(region, key) {
      const cluster = await service.describe(region, key);
      if (cluster?.ClusterArn === undefined) return { kind: 'none' };
      const owner = await service.keyTag(region, cluster.ClusterArn);
      if (owner === key) return { kind: 'ours', cluster: toFound(cluster) };
      // Tags may show later than the cluster they were born with.
      const createdAtMs = cluster.CreationTime?.getTime() ?? 0;
      if (owner === undefined && Date.now() - createdAtMs < VISIBILITY_GRACE_MS) {
        throw unsure('ListTags', 'NoOwner', `a young cluster named ${key} shows no owner yet`);
      }
      return {
        kind: 'taken',
        detail: `a cluster named ${key} exists in ${region} and its tag does not say it is ours`,
      };
    },

    list: async (region, nameContains) => (await service.clusters(region, nameContains)).map(toFound),

    // The stored call is the SDK's own input, made by the provider's contract when the creation opened.
    create: async (region, stored) => ({
      clusterId: await service.create(region, stored as unknown as CreateClusterCommandInput),
    }),

    async observe(region, clusterId, stored) {
      const cluster = await service.describe(region, clusterId);
      if (cluster !== undefined) return toObservation(cluster, stored);
      return { state: 'gone', nodesInService: 0, nodesWanted: 0, outOfCapacity: false, detail: 'not found' };
    },

    async access(region, clusterId) {
      const summaries = await service.nodes(region, clusterId);
      const nodes: ClusterNode[] = [];
      for (const [index, summary] of summaries.slice(0, MAX_LISTED_NODES).entries()) {
        // Only a description of its own tells a node's address: one call each, so for the first ones only.
        const described = index < MAX_DESCRIBED_NODES;
        nodes.push(toNode(summary, described ? await service.node(region, clusterId, summary.InstanceId) : undefined));
      }
      const cluster = await service.describe(region, clusterId);
      if (cluster?.ClusterName === undefined) throw unsure('DescribeCluster', 'NoName', `${clusterId} is not found`);
      return {
        clusterId,
        clusterName: cluster.ClusterName,
        nodeCount: summaries.length,
        nodes,
        login: loginCommands(clusterId, region, nodes),
      };
    },

    async units(region, clusterId) {
      const cluster = await service.describe(region, clusterId);
      return cluster === undefined ? [] : toUnits(cluster);
    },

    delete: (region, clusterId) => service.delete(region, clusterId),
    identity: () => service.identity(),
    nonexistentId: 'mu-nobody',
    close: () => {
      service.close();
    },
  };
}

/** A listing's or a description's cluster in our words. */
function toFound(cluster: {
  ClusterArn?: string | undefined;
  ClusterName?: string | undefined;
  ClusterStatus?: string | undefined;
  CreationTime?: Date | undefined;
}): FoundCluster {
  return {
    clusterId: cluster.ClusterArn ?? '',
    name: cluster.ClusterName ?? '',
    state: stateOf(cluster.ClusterStatus),
    createdAtMs: cluster.CreationTime?.getTime() ?? null,
  };
}
