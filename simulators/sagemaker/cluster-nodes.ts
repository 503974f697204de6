import type { Operation } from './context.ts';
import { AwsError, validationError } from './errors.ts';
import { DescribeClusterNodeInput, ListClusterNodesInput } from './inputs.ts';
import { nodesAt, type Node } from './nodes.ts';
import { isWithin, pageOf } from './paging.ts';
import { parseInput } from './validation.ts';
import { wireTime } from './wire.ts';

const DEFAULT_MAX_RESULTS = 10;

/** A page of a cluster's nodes. Here MaxResults bounds the nodes returned. */
export const listClusterNodes: Operation = (setting, { region, nowMs }, body) => {
  const input = parseInput(ListClusterNodesInput, body);
  const { MaxResults: limit = DEFAULT_MAX_RESULTS, NextToken: nextToken, ...query } = input;
  const cluster = setting.account.visible(region, query.ClusterName, nowMs);
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
  });
  return {
    ClusterNodeSummaries: page.items.map((node) => summaryOf(node, query.IncludeNodeLogicalIds === true)),
    NextToken: page.nextToken,
  };
};

/** One node by its instance id, or by its logical id. */
export const describeClusterNode: Operation = (setting, { region, nowMs }, body) => {
  const input = parseInput(DescribeClusterNodeInput, body);
  if ((input.NodeId === undefined) === (input.NodeLogicalId === undefined)) {
    throw validationError('Exactly one of NodeId and NodeLogicalId must be specified.');
  }
  const cluster = setting.account.visible(region, input.ClusterName, nowMs);
  const node = nodesAt(cluster, nowMs).find((candidate) =>
    input.NodeId === undefined ? candidate.logicalId === input.NodeLogicalId : candidate.instanceId === input.NodeId,
  );
  if (node === undefined) {
    const id = input.NodeId ?? input.NodeLogicalId ?? '';
    throw new AwsError('ResourceNotFound', `Node ${id} does not exist in cluster ${cluster.name}.`);
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
