import { pageOf } from '../core/paging.ts';
import { Refusal } from '../core/refusal.ts';
import type { Operation } from './context.ts';
import { validationError } from './errors.ts';
import { DescribeClusterNodeInput, ListClusterNodesInput } from './inputs.ts';
import { nodesAt, type Node } from './nodes.ts';
import { DEFAULT_MAX_RESULTS, invalidToken, isWithin } from './lists.ts';
import { parseInput } from './validation.ts';
import { wireTime } from './wire.ts';

/** A page of a cluster's nodes. Here MaxResults bounds the nodes that match. */
export const listClusterNodes: Operation = (context, { region, nowMs }, body) => {
  const input = parseInput(ListClusterNodesInput, body);
  const { MaxResults: limit = DEFAULT_MAX_RESULTS, NextToken: nextToken, ...query } = input;
  const cluster = context.account.visibleCluster(region, query.ClusterName, nowMs);
  const nodes = nodesAt(cluster, nowMs).filter(
    (node) =>
      (node.instanceId !== undefined || query.IncludeNodeLogicalIds === true) &&
      node.group.InstanceGroupName.includes(query.InstanceGroupNameContains ?? '') &&
      isWithin(wireTime(node.launchAtMs), query.CreationTimeAfter, query.CreationTimeBefore),
  );
  const page = pageOf({
    items: nodes,
    keyOf: (node) => [query.SortBy === 'NAME' ? node.group.InstanceGroupName : node.launchAtMs, node.logicalId],
    descending: query.SortOrder === 'Descending',
    limit,
    nextToken,
    query: { ...query, ClusterName: cluster.arn },
    invalidToken,
  });
  return {
    ClusterNodeSummaries: page.items.map((node) => summaryOf(node, query.IncludeNodeLogicalIds === true)),
    NextToken: page.nextToken,
  };
};

/** One node, by its instance id or its logical id. */
export const describeClusterNode: Operation = (context, { region, nowMs }, body) => {
  const input = parseInput(DescribeClusterNodeInput, body);
  if ((input.NodeId === undefined) === (input.NodeLogicalId === undefined)) {
    throw validationError('Exactly one of NodeId and NodeLogicalId must be specified.');
  }
  const cluster = context.account.visibleCluster(region, input.ClusterName, nowMs);
  const node = nodesAt(cluster, nowMs).find((candidate) =>
    input.NodeId === undefined ? candidate.logicalId === input.NodeLogicalId : candidate.instanceId === input.NodeId,
  );
  if (node === undefined) {
    const id = input.NodeId ?? input.NodeLogicalId ?? '';
    throw new Refusal('ResourceNotFound', `Node ${id} does not exist in cluster ${cluster.name}.`);
  }
  const { group } = node;
  return {
    NodeDetails: {
      ...summaryOf(node, true),
      LifeCycleConfig: group.LifeCycleConfig,
      OverrideVpcConfig: group.OverrideVpcConfig,
      ThreadsPerCore: group.ThreadsPerCore,
      InstanceStorageConfigs: group.InstanceStorageConfigs,
      PrivatePrimaryIp: node.address?.ip,
      Placement: { AvailabilityZone: node.availabilityZone },
      CapacityType: group.CapacityRequirements?.Spot === undefined ? 'OnDemand' : 'Spot',
    },
  };
};

function summaryOf(node: Node, withLogicalId: boolean) {
  return {
    InstanceGroupName: node.group.InstanceGroupName,
    InstanceId: node.instanceId,
    NodeLogicalId: withLogicalId ? node.logicalId : undefined,
    InstanceType: node.instanceType,
    LaunchTime: wireTime(node.launchAtMs),
    InstanceStatus: { Status: node.status, Message: node.message },
    PrivateDnsHostname: node.address?.host,
  };
}
