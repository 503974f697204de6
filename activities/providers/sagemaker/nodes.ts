import type { ClusterNodeDetails, ClusterNodeSummary } from '@aws-sdk/client-sagemaker';
import type { ClusterNode } from '../../../contracts/cluster.ts';

/** Commands shown for logging in: one a node, for the first few (policy). */
const LOGIN_EXAMPLES = 3;

/** A node of a listing, with its address where a description was read. */
export function toNode(summary: ClusterNodeSummary, details: ClusterNodeDetails | undefined): ClusterNode {
  return {
    nodeId: summary.InstanceId ?? '',
    group: summary.InstanceGroupName ?? '',
    instanceType: summary.InstanceType ?? '',
    address: details?.PrivatePrimaryIp ?? null,
    dnsName: details?.PrivateDnsHostname ?? summary.PrivateDnsHostname ?? null,
  };
}

/** HyperPod nodes are reached through Systems Manager; its target names the cluster by the last part of its ARN. */
export function loginCommands(clusterArn: string, region: string, nodes: readonly ClusterNode[]): string[] {
  const clusterPart = clusterArn.slice(clusterArn.lastIndexOf('/') + 1);
  return nodes
    .slice(0, LOGIN_EXAMPLES)
    .map(
      ({ group, nodeId }) =>
        `aws ssm start-session --region ${region} --target sagemaker-cluster:${clusterPart}_${group}-${nodeId}`,
    );
}
