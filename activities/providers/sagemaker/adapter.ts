import type { CreateClusterCommandInput } from '@aws-sdk/client-sagemaker';
import type { ClusterNode } from '../../../contracts/cluster.ts';
import { MAX_DESCRIBED_NODES, MAX_LISTED_NODES, VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import type { FoundCluster, Provider } from '../provider.ts';
import { sagemakerCalls } from './calls.ts';
import type { SageMakerOptions } from './client.ts';
import { ambiguous } from './errors.ts';
import { loginCommands, toNode } from './nodes.ts';
import { stateOf, toObservation, toUnits } from './states.ts';

/** SageMaker HyperPod: a name is unique in its region, and the key tag proves whose the cluster is. */
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
      // The tags of a new cluster may show later than the cluster.
      const createdAtMs = cluster.CreationTime?.getTime() ?? 0;
      if (owner === undefined && Date.now() - createdAtMs < VISIBILITY_GRACE_MS) {
        throw ambiguous('ListTags', 'NoKeyTag', `a new cluster named ${key} has no key tag yet`);
      }
      return {
        kind: 'taken',
        detail: `a cluster named ${key} exists in ${region}, and its tag does not prove that it is ours`,
      };
    },

    list: async (region, nameContains) => (await service.clusters(region, nameContains)).map(toFound),

    // The stored call is the SDK's own input, as the provider's definition made it when the creation opened.
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
        // Only a description has a node's address. It takes one call for each node, so only the first nodes get one.
        const described = index < MAX_DESCRIBED_NODES;
        nodes.push(toNode(summary, described ? await service.node(region, clusterId, summary.InstanceId) : undefined));
      }
      const cluster = await service.describe(region, clusterId);
      if (cluster?.ClusterName === undefined) throw ambiguous('DescribeCluster', 'NoName', `${clusterId} is not found`);
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
    nonexistentId: 'mu-nonexistent',
    close: () => {
      service.close();
    },
  };
}

/** A cluster from a listing or a description. */
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
