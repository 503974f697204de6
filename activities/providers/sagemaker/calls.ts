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
import { incompleteReply, isDenied, isNotFound, toProviderError, unsure } from './errors.ts';
import { allPages } from './pages.ts';

const PAGE = 100;

/** The service's operations that Muster needs: replies that say what they must, listings read to their end. */
export interface SageMakerCalls {
  /** @returns the new cluster's ARN */
  create(region: string, input: CreateClusterCommandInput): Promise<string>;
  /** By name or ARN; undefined when there is none. */
  describe(region: string, nameOrArn: string): Promise<DescribeClusterResponse | undefined>;
  /** The value of our tag on a cluster; undefined where it has none. */
  keyTag(region: string, arn: string): Promise<string | undefined>;
  clusters(region: string, nameContains: string): Promise<ClusterSummary[]>;
  nodes(region: string, arn: string): Promise<ClusterNodeSummary[]>;
  /** Undefined for a node that was replaced since it was listed, has no instance yet, or may not be described. */
  node(region: string, arn: string, nodeId: string | undefined): Promise<ClusterNodeDetails | undefined>;
  /** Begins the deletion; a cluster that is not there is deleted already. */
  delete(region: string, arn: string): Promise<void>;
  /** Whose credentials the calls are signed with. */
  identity(): Promise<string>;
  close(): void;
}

/** @throws {ProviderError} whatever goes wrong: no error of the SDK leaves this folder */
export function sagemakerCalls(options: SageMakerOptions): SageMakerCalls {
  const clients = sagemakerClients(options);

  /**
   * None outlasts its time: the client's own timeouts end with the reply's first byte, and do not cover the wait for
   * credentials before the first is sent.
   */
  async function call<T>(name: string, send: (within: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    try {
      return await send({ abortSignal: AbortSignal.timeout(options.callTimeoutMs) });
    } catch (error) {
      throw toProviderError(name, error);
    }
  }

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
    },

    clusters: (region, NameContains) =>
      listed('ListClusters', 'ClusterSummaries', async (NextToken, within) => {
        const query = { NameContains, MaxResults: PAGE, NextToken };
        const reply = await clients.in(region).send(new ListClustersCommand(query), within);
        return [reply.ClusterSummaries, reply.NextToken];
      }),

    nodes: (region, arn) =>
      listed('ListClusterNodes', 'ClusterNodeSummaries', async (NextToken, within) => {
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
        // Its address is all that is missed: no ground to give a cluster up that is ready.
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
