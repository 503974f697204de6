import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  DescribeClusterNodeCommand,
  ListClusterNodesCommand,
  ListClustersCommand,
  ListTagsCommand,
  type ClusterNodeDetails,
  type ClusterNodeSummary,
  type ClusterSummary,
  type CreateClusterCommandInput,
  type DescribeClusterResponse,
} from '@aws-sdk/client-sagemaker';
import { SAGEMAKER_KEY_TAG } from '../../../contracts/providers/sagemaker.ts';
import { sagemakerClients, type SageMakerOptions } from './client.ts';
import { incompleteReply, isDenied, isNotFound, toProviderError, ambiguous } from './errors.ts';
import { allPages } from './pages.ts';

const PAGE = 100;

/** The service's operations that the adapter uses. Replies are complete, and listings have all pages. */
export interface SageMakerCalls {
  /** @returns the new cluster's ARN */
  create(region: string, input: CreateClusterCommandInput): Promise<string>;
  /** By name or ARN; undefined when there is no such cluster. */
  describe(region: string, nameOrArn: string): Promise<DescribeClusterResponse | undefined>;
  /** The value of a cluster's key tag; undefined without one. */
  keyTag(region: string, arn: string): Promise<string | undefined>;
  clusters(region: string, nameContains: string): Promise<ClusterSummary[]>;
  nodes(region: string, arn: string): Promise<ClusterNodeSummary[]>;
  /** Undefined for a node that was replaced since the listing, has no instance yet, or may not be described. */
  node(region: string, arn: string, nodeId: string | undefined): Promise<ClusterNodeDetails | undefined>;
  /** Starts the deletion. Succeeds for a cluster that does not exist. */
  delete(region: string, arn: string): Promise<void>;
  /** The credentials that sign the calls, without secrets. */
  identity(): Promise<string>;
  close(): void;
}

/** All methods throw only {@link ProviderError}: no error of the SDK leaves this folder. */
export function sagemakerCalls(options: SageMakerOptions): SageMakerCalls {
  const clients = sagemakerClients(options);

  /**
   * Bounds the whole call. The client's own timeouts end with the reply's first byte, and do not cover the wait for
   * credentials before the call.
   */
  async function call<T>(name: string, send: (within: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await send({ abortSignal: AbortSignal.timeout(options.callTimeoutMs) });
    } catch (error) {
      throw toProviderError(name, error);
    }
  }

  /** All pages of a listing. A page without its list is an error: the SDK turns an empty reply into such a page. */
  const listAll = <T>(
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

  return {
    async create(region, input) {
      const { ClusterArn } = await call('CreateCluster', (within) =>
        clients.in(region).send(new CreateClusterCommand(input), within),
      );
      if (!ClusterArn) throw incompleteReply('CreateCluster', 'ClusterArn');
      return ClusterArn;
    },

    async describe(region, nameOrArn) {
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
    },

    async keyTag(region, arn) {
      try {
        const tags = await listAll('ListTags', 'Tags', async (NextToken, within) => {
          const reply = await clients.in(region).send(new ListTagsCommand({ ResourceArn: arn, NextToken }), within);
          return [reply.Tags, reply.NextToken];
        });
        return tags.find(({ Key }) => Key === SAGEMAKER_KEY_TAG)?.Value;
      } catch (error) {
        // It was described a moment ago: its tags do not show yet, or it was just deleted.
        if (isNotFound(error)) throw ambiguous('ListTags', 'NoTags', `the tags of ${arn} are not found`);
        throw error;
      }
    },

    clusters: (region, NameContains) =>
      listAll('ListClusters', 'ClusterSummaries', async (NextToken, within) => {
        const query = { NameContains, MaxResults: PAGE, NextToken };
        const reply = await clients.in(region).send(new ListClustersCommand(query), within);
        return [reply.ClusterSummaries, reply.NextToken];
      }),

    nodes: (region, arn) =>
      listAll('ListClusterNodes', 'ClusterNodeSummaries', async (NextToken, within) => {
        const query = { ClusterName: arn, MaxResults: PAGE, NextToken };
        const reply = await clients.in(region).send(new ListClusterNodesCommand(query), within);
        return [reply.ClusterNodeSummaries, reply.NextToken];
      }),

    async node(region, arn, nodeId) {
      if (!nodeId) return undefined;
      try {
        const { NodeDetails } = await call('DescribeClusterNode', (within) =>
          clients.in(region).send(new DescribeClusterNodeCommand({ ClusterName: arn, NodeId: nodeId }), within),
        );
        if (NodeDetails === undefined) throw incompleteReply('DescribeClusterNode', 'NodeDetails');
        return NodeDetails;
      } catch (error) {
        // Only the node's address is missing, which is no reason to give up a ready cluster.
        if (isNotFound(error) || isDenied(error)) return undefined;
        throw error;
      }
    },

    async delete(region, arn) {
      try {
        await call('DeleteCluster', (within) =>
          clients.in(region).send(new DeleteClusterCommand({ ClusterName: arn }), within),
        );
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },

    identity: () => call('credentials', () => clients.identity()),
    close: () => {
      clients.close();
    },
  };
}
