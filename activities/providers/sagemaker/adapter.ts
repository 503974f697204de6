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
import type { FoundCluster, Provider } from '../provider.ts';
import { sagemakerClients, type SageMakerOptions } from './client.ts';
import { incompleteReply, isNotFound, toProviderError, unsure } from './errors.ts';
import { loginCommands, toNode } from './nodes.ts';
import { allPages } from './pages.ts';
import { stateOf, toObservation, toUnits } from './states.ts';

const PAGE = 100;

/** SageMaker HyperPod: one cluster a name and region, owned by whom its key tag says. */
export function sagemakerProvider(options: SageMakerOptions): Provider {
  const clients = sagemakerClients(options);

  /**
   * Every call goes through here, so that no SDK error leaves the folder, and none outlasts its time: the client's own
   * timeouts end with the reply's first byte, and do not cover the wait for credentials before the first is sent.
   */
  async function call<T>(name: string, send: (within: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await send({ abortSignal: AbortSignal.timeout(options.callTimeoutMs) });
    } catch (error) {
      throw toProviderError(name, error);
    }
  }

  const describe = async (region: string, nameOrArn: string): Promise<DescribeClusterResponse | undefined> => {
    try {
      const reply = await call('DescribeCluster', (within) =>
        clients.in(region).send(new DescribeClusterCommand({ ClusterName: nameOrArn }), within),
      );
      if (reply.ClusterArn === undefined) throw incompleteReply('DescribeCluster', 'ClusterArn');
      return reply;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  /** Pages of a listing to their end. A page without its list is no page: the SDK reads an empty reply as one. */
  const listed = <T>(
    name: string,
    field: string,
    read: (
      token: string | undefined,
      within: { abortSignal: AbortSignal },
    ) => Promise<readonly [T[] | undefined, string | undefined]>,
  ): Promise<T[]> =>
    allPages(async (token) => {
      const [items, next] = await call(name, (within) => read(token, within));
      if (items === undefined) throw incompleteReply(name, field);
      return { items, next };
    });

  /** The value of our tag on a cluster; undefined where it has none. */
  const keyTag = async (region: string, arn: string): Promise<string | undefined> => {
    try {
      const tags = await listed('ListTags', 'Tags', async (NextToken, within) => {
        const reply = await clients.in(region).send(new ListTagsCommand({ ResourceArn: arn, NextToken }), within);
        return [reply.Tags, reply.NextToken];
      });
      return tags.find(({ Key }) => Key === SAGEMAKER_KEY_TAG)?.Value;
    } catch (error) {
      // Described a moment ago: its tags do not show yet, or it has just gone.
      if (isNotFound(error)) throw unsure('ListTags', 'NoTags', `the tags of ${arn} are not found`);
      throw error;
    }
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
        throw unsure('ListTags', 'NoOwner', `a young cluster named ${key} shows no owner yet`);
      }
      return {
        kind: 'taken',
        detail: `a cluster named ${key} exists in ${region} and its tag does not say it is ours`,
      };
    },

    async list(region, nameContains) {
      const summaries = await listed('ListClusters', 'ClusterSummaries', async (NextToken, within) => {
        const query = { NameContains: nameContains, MaxResults: PAGE, NextToken };
        const reply = await clients.in(region).send(new ListClustersCommand(query), within);
        return [reply.ClusterSummaries, reply.NextToken];
      });
      return summaries.map(toFound);
    },

    async create(region, stored) {
      const reply = await call('CreateCluster', (within) =>
        // The stored call is the SDK's own input, made by the provider's contract when the creation opened.
        clients.in(region).send(new CreateClusterCommand(stored as unknown as CreateClusterCommandInput), within),
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
      const summaries = await listed('ListClusterNodes', 'ClusterNodeSummaries', async (NextToken, within) => {
        const query = { ClusterName: clusterId, MaxResults: PAGE, NextToken };
        const reply = await clients.in(region).send(new ListClusterNodesCommand(query), within);
        return [reply.ClusterNodeSummaries, reply.NextToken];
      });
      const nodes: ClusterNode[] = [];
      for (const [index, summary] of summaries.slice(0, MAX_LISTED_NODES).entries()) {
        // Only a description of its own tells a node's address: one call each, so for the first ones only.
        const details =
          index < MAX_DESCRIBED_NODES ? await describeNode(region, clusterId, summary.InstanceId) : undefined;
        nodes.push(toNode(summary, details));
      }
      const cluster = await describe(region, clusterId);
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
      const cluster = await describe(region, clusterId);
      return cluster === undefined ? [] : toUnits(cluster);
    },

    async delete(region, clusterId) {
      try {
        await call('DeleteCluster', (within) =>
          clients.in(region).send(new DeleteClusterCommand({ ClusterName: clusterId }), within),
        );
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },

    identity: () => call('credentials', () => clients.identity()),

    nobody: 'mu-nobody',

    close: () => {
      clients.close();
    },
  };

  /** Undefined for a node that was replaced since it was listed, or that has no instance yet. */
  async function describeNode(
    region: string,
    cluster: string,
    nodeId: string | undefined,
  ): Promise<ClusterNodeDetails | undefined> {
    if (!nodeId) return undefined;
    try {
      const reply = await call('DescribeClusterNode', (within) =>
        clients.in(region).send(new DescribeClusterNodeCommand({ ClusterName: cluster, NodeId: nodeId }), within),
      );
      if (reply.NodeDetails === undefined) throw incompleteReply('DescribeClusterNode', 'NodeDetails');
      return reply.NodeDetails;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
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
