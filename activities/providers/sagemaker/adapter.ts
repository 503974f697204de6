import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  DescribeClusterNodeCommand,
  ListClusterNodesCommand,
  ListClustersCommand,
  ListTagsCommand,
  type ClusterNodeDetails,
  type CreateClusterCommandInput,
  type DescribeClusterResponse,
} from '@aws-sdk/client-sagemaker';
import type { ClusterNode } from '../../../contracts/cluster.ts';
import { MAX_DESCRIBED_NODES, MAX_LISTED_NODES, VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import { SAGEMAKER_KEY_TAG } from '../../../contracts/providers/sagemaker.ts';
import { ProviderError } from '../errors.ts';
import type { FoundCluster, Provider } from '../provider.ts';
import { sagemakerClients, type SageMakerOptions } from './client.ts';
import { incompleteReply, toProviderError } from './errors.ts';
import { loginCommands, toNode } from './nodes.ts';
import { allPages } from './pages.ts';
import { stateOf, toObservation } from './states.ts';

const PAGE = 100;

/** SageMaker HyperPod: one cluster a name and region, owned by whom its key tag says. */
export function sagemakerProvider(options: SageMakerOptions): Provider {
  const clients = sagemakerClients(options);

  /** Every call goes through here, so that no SDK error leaves the folder. */
  async function call<T>(name: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw toProviderError(name, error);
    }
  }

  const describe = async (region: string, nameOrArn: string): Promise<DescribeClusterResponse | undefined> => {
    try {
      const reply = await call('DescribeCluster', () =>
        clients.in(region).send(new DescribeClusterCommand({ ClusterName: nameOrArn })),
      );
      if (reply.ClusterArn === undefined) throw incompleteReply('DescribeCluster', 'ClusterArn');
      return reply;
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'not-found') return undefined;
      throw error;
    }
  };

  /** The value of our tag on a cluster; undefined where it has none. */
  const keyTag = async (region: string, arn: string): Promise<string | undefined> => {
    const tags = await allPages((NextToken) =>
      call('ListTags', () => clients.in(region).send(new ListTagsCommand({ ResourceArn: arn, NextToken }))).then(
        (reply) => ({ items: reply.Tags ?? [], next: reply.NextToken }),
      ),
    );
    return tags.find(({ Key }) => Key === SAGEMAKER_KEY_TAG)?.Value;
  };

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
      const cluster = await describe(region, key);
      if (cluster?.ClusterArn === undefined) return { kind: 'none' };
      const owner = await keyTag(region, cluster.ClusterArn);
      if (owner === key) return { kind: 'ours', cluster: toFound(cluster) };
      // Tags may show later than the cluster they were born with.
      const bornAtMs = cluster.CreationTime?.getTime() ?? 0;
      if (owner === undefined && Date.now() - bornAtMs < VISIBILITY_GRACE_MS) {
        throw new ProviderError('ambiguous', {
          provider: 'sagemaker',
          call: 'ListTags',
          vendorCode: 'NoOwner',
          text: `a young cluster named ${key} shows no owner yet`,
        });
      }
      return {
        kind: 'taken',
        detail: `a cluster named ${key} exists in ${region} and its tag does not say it is ours`,
      };
    },

    async list(region, nameContains) {
      const summaries = await allPages((NextToken) =>
        call('ListClusters', () =>
          clients.in(region).send(new ListClustersCommand({ NameContains: nameContains, MaxResults: PAGE, NextToken })),
        ).then((reply) => ({ items: reply.ClusterSummaries ?? [], next: reply.NextToken })),
      );
      return summaries.map(toFound);
    },

    async create(region, stored) {
      const reply = await call('CreateCluster', () =>
        // The stored call is the SDK's own input, made by the provider's contract when the creation opened.
        clients.in(region).send(new CreateClusterCommand(stored as unknown as CreateClusterCommandInput)),
      );
      if (!reply.ClusterArn) throw incompleteReply('CreateCluster', 'ClusterArn');
      return { clusterId: reply.ClusterArn };
    },

    async observe(region, clusterId, stored) {
      const cluster = await describe(region, clusterId);
      if (cluster !== undefined) return toObservation(cluster, stored);
      return { state: 'gone', nodesInService: 0, nodesWanted: 0, outOfCapacity: false, detail: 'not found' };
    },

    async access(region, clusterId) {
      const summaries = await allPages((NextToken) =>
        call('ListClusterNodes', () =>
          clients.in(region).send(new ListClusterNodesCommand({ ClusterName: clusterId, MaxResults: PAGE, NextToken })),
        ).then((reply) => ({ items: reply.ClusterNodeSummaries ?? [], next: reply.NextToken })),
      );
      const nodes: ClusterNode[] = [];
      for (const [index, summary] of summaries.slice(0, MAX_LISTED_NODES).entries()) {
        // Only a description of its own tells a node's address: one call each, so for the first ones only.
        const details =
          index < MAX_DESCRIBED_NODES ? await describeNode(region, clusterId, summary.InstanceId) : undefined;
        nodes.push(toNode(summary, details));
      }
      const cluster = await describe(region, clusterId);
      return {
        clusterId,
        clusterName: cluster?.ClusterName ?? '',
        nodeCount: summaries.length,
        nodes,
        login: loginCommands(clusterId, region, nodes),
      };
    },

    async delete(region, clusterId) {
      try {
        await call('DeleteCluster', () =>
          clients.in(region).send(new DeleteClusterCommand({ ClusterName: clusterId })),
        );
      } catch (error) {
        if (!(error instanceof ProviderError && error.kind === 'not-found')) throw error;
      }
    },

    close: () => {
      clients.close();
    },
  };

  async function describeNode(
    region: string,
    cluster: string,
    nodeId: string | undefined,
  ): Promise<ClusterNodeDetails | undefined> {
    const reply = await call('DescribeClusterNode', () =>
      clients.in(region).send(new DescribeClusterNodeCommand({ ClusterName: cluster, NodeId: nodeId })),
    );
    return reply.NodeDetails;
  }
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
    bornAtMs: cluster.CreationTime?.getTime() ?? null,
  };
}
