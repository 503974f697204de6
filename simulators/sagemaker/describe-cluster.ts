import { groupsOf, type AnyGroup, type Cluster } from './cluster.ts';
import type { Operation } from './context.ts';
import { ClusterInput } from './inputs.ts';
import { failureMessageAt, statusAt } from './status.ts';
import { nodesAt, runningNodes, type Node } from './nodes.ts';
import { parseInput } from './validation.ts';
import { wireTime } from './wire.ts';

/** One cluster in full, without its tags: ListTags gives them. */
export const describeCluster: Operation = (context, { region, nowMs }, body) => {
  const input = parseInput(ClusterInput, body);
  const cluster = context.account.visibleCluster(region, input.ClusterName, nowMs);
  const { request } = cluster;
  const nodes = nodesAt(cluster, nowMs);
  const restricted = new Set((request.RestrictedInstanceGroups ?? []).map((group) => group.InstanceGroupName));
  const details = groupsOf(request).map((group) => groupDetails(cluster, group, nodes, nowMs));
  const isRestricted = (group: { InstanceGroupName: string }): boolean => restricted.has(group.InstanceGroupName);
  return {
    ClusterArn: cluster.arn,
    ClusterName: cluster.name,
    ClusterStatus: statusAt(cluster, nowMs),
    CreationTime: wireTime(cluster.createdAtMs),
    FailureMessage: failureMessageAt(cluster, nowMs),
    InstanceGroups: details.filter((group) => !isRestricted(group)),
    RestrictedInstanceGroups: restricted.size === 0 ? undefined : details.filter(isRestricted),
    VpcConfig: request.VpcConfig,
    // The service leaves Slurm out unless the request named it.
    Orchestrator: request.Orchestrator,
    TieredStorageConfig: request.TieredStorageConfig,
    NodeRecovery: request.NodeRecovery ?? 'Automatic',
    NodeProvisioningMode: request.NodeProvisioningMode,
    ClusterRole: request.ClusterRole,
    AutoScaling: request.AutoScaling === undefined ? undefined : { ...request.AutoScaling, Status: 'InService' },
  };
};

function groupDetails(cluster: Cluster, group: AnyGroup, nodes: readonly Node[], nowMs: number) {
  const { InstanceCount, MinInstanceCount, InstanceRequirements, KubernetesConfig, AutoPatchConfig, ...same } = group;
  const current = runningNodes(nodes, group);
  const status = groupStatus(cluster, current < InstanceCount, nowMs);
  const types = InstanceRequirements?.InstanceTypes;
  const { Labels: labels, Taints: taints } = KubernetesConfig ?? {};
  return {
    CurrentCount: current,
    TargetCount: InstanceCount,
    MinCount: MinInstanceCount ?? 0,
    ...same,
    InstanceRequirements:
      types === undefined ? undefined : { CurrentInstanceTypes: types, DesiredInstanceTypes: types },
    KubernetesConfig:
      KubernetesConfig === undefined
        ? undefined
        : { CurrentLabels: labels, DesiredLabels: labels, CurrentTaints: taints, DesiredTaints: taints },
    AutoPatchConfig: AutoPatchConfig === undefined ? undefined : { PatchingStrategy: AutoPatchConfig.PatchingStrategy },
    Status: status,
    ActiveOperations: status === 'Creating' ? { Scaling: 1 } : undefined,
  };
}

/** A group's own status: Degraded when the cluster runs with fewer nodes than requested. */
function groupStatus(cluster: Cluster, isShort: boolean, nowMs: number): string {
  const status = statusAt(cluster, nowMs);
  if (status === 'RollingBack') return 'Deleting';
  if (status !== 'InService' || cluster.plan.kind !== 'ready') return status;
  if (nowMs < cluster.plan.fullAtMs) return 'Creating';
  return isShort ? 'Degraded' : 'InService';
}
