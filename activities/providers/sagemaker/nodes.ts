import type { ClusterNodeDetails, ClusterNodeSummary } from '@aws-sdk/client-sagemaker';
import type { ClusterNode } from '../../../contracts/cluster.ts';

/** How many nodes get a login command (policy). */
const LOGIN_EXAMPLES = 3;

/** A node from a listing, with its address when a description was read. */
export function toNode(summary: ClusterNodeSummary, details: ClusterNodeDetails | undefined): ClusterNode {
  return {
    nodeId: summary.InstanceId ?? '',
    group: summary.InstanceGroupName ?? '',
    instanceType: summary.InstanceType ?? '',
    address: details?.PrivatePrimaryIp ?? null,
    dnsName: details?.PrivateDnsHostname ?? summary.PrivateDnsHostname ?? null,
  };
}

/** HyperPod nodes are reached through Systems Manager. The target names the cluster by the last part of its ARN. */
export function loginCommands(clusterArn: string, region: string, nodes: readonly ClusterNode[]): string[] {
  const clusterPart = clusterArn.slice(clusterArn.lastIndexOf('/') + 1);
  return nodes
    .slice(0, LOGIN_EXAMPLES)
    .map(
      ({ group, nodeId }) =>
        `aws ssm start-session --region ${region} --target sagemaker-cluster:${clusterPart}_${group}-${nodeId}`,
    );
}
