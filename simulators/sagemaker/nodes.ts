import { randomFor } from '../core/random.ts';
import { isGone } from '../core/visibility.ts';
import { groupsOf, type AnyGroup, type Cluster } from './cluster.ts';
import { statusAt } from './status.ts';

const HEX = '0123456789abcdef';
const STUCK_MESSAGE =
  'The execution role does not have permission to perform: ec2:DeleteNetworkInterface. Restore the role and try again.';

/** Nodes start to run in the second half of the time between launch and completion. */
const EARLIEST_RUN = 0.5;

/** One instance at one moment. */
export interface Node {
  readonly group: AnyGroup;
  readonly instanceType: string;
  readonly logicalId: string;
  /** Undefined until the instance is launched. */
  readonly instanceId: string | undefined;
  readonly launchAtMs: number;
  readonly status: string;
  readonly message: string | undefined;
  /** Undefined until the node runs. */
  readonly address: { readonly ip: string; readonly host: string } | undefined;
  readonly availabilityZone: string;
}

/** The nodes of a cluster at a time, by group and index. They are not stored: the cluster's ARN and plan decide them. */
export function nodesAt(cluster: Cluster, nowMs: number): Node[] {
  if (isGone(cluster, nowMs) || hasLostNodes(cluster, nowMs)) return [];
  let index = 0;
  return groupsOf(cluster.request).flatMap((group) => {
    const grant = cluster.grants[group.InstanceGroupName];
    if (grant === undefined) return [];
    return Array.from({ length: grant.nodes }, () => nodeAt(cluster, group, grant.instanceType, index++, nowMs));
  });
}

/** How many of a group's nodes run. */
export function runningNodes(nodes: readonly Node[], group: AnyGroup): number {
  return nodes.filter((node) => node.group.InstanceGroupName === group.InstanceGroupName && node.status === 'Running')
    .length;
}

function nodeAt(cluster: Cluster, group: AnyGroup, instanceType: string, index: number, nowMs: number): Node {
  const random = randomFor(cluster.arn, 'node', index);
  const instanceId = `i-${random.text(HEX, 17)}`;
  const runFraction = EARLIEST_RUN + (1 - EARLIEST_RUN) * random.fraction();
  const launched = nowMs >= cluster.nodesLaunchAtMs;
  const own = nodeStatus(cluster, runFraction, nowMs);
  const status = own === 'Running' && index >= (cluster.maxRunningNodes ?? Infinity) ? 'Pending' : own;
  return {
    group,
    instanceType,
    logicalId: `${group.InstanceGroupName}-${index}-${random.text(HEX, 8)}`,
    instanceId: launched ? instanceId : undefined,
    launchAtMs: cluster.nodesLaunchAtMs,
    status,
    message: cluster.deletingSinceMs !== undefined && cluster.deleteStuck ? STUCK_MESSAGE : undefined,
    address: status === 'Running' ? addressOf(cluster, index) : undefined,
    availabilityZone: `${cluster.region}${'abc'.charAt(Math.floor(randomFor(cluster.arn, 'zone').fraction() * 3))}`,
  };
}

function nodeStatus(cluster: Cluster, runFraction: number, nowMs: number): string {
  const { plan } = cluster;
  if (cluster.deletingSinceMs !== undefined) return 'ShuttingDown';
  switch (plan.kind) {
    case 'ready': {
      const runsAtMs = cluster.nodesLaunchAtMs + runFraction * (plan.fullAtMs - cluster.nodesLaunchAtMs);
      return nowMs >= runsAtMs ? 'Running' : 'Pending';
    }
    case 'fails':
      return nowMs >= plan.rollingBackAtMs ? 'ShuttingDown' : 'Pending';
    case 'never-ready':
      return 'Pending';
    case 'forced':
      if (plan.status === 'Creating') return 'Pending';
      if (plan.status === 'Deleting' || plan.status === 'RollingBack') return 'ShuttingDown';
      return plan.status === 'SystemUpdating' ? 'SystemUpdating' : 'Running';
  }
}

/** A failed cluster has given its instances back, so that its deletion shuts none down. */
function hasLostNodes(cluster: Cluster, nowMs: number): boolean {
  if (cluster.plan.kind === 'fails') return nowMs >= cluster.plan.failedAtMs;
  return statusAt(cluster, nowMs) === 'Failed';
}

/** Addresses are unique within a cluster: the second number belongs to the cluster, the others count nodes. */
function addressOf(cluster: Cluster, index: number): { ip: string; host: string } {
  const network = Math.floor(randomFor(cluster.arn, 'network').fraction() * 256);
  // AWS reserves the first four addresses of a subnet and the last one: so 250 a block, from 4.
  const ip = `10.${network}.${Math.floor(index / 250)}.${4 + (index % 250)}`;
  const domain = cluster.region === 'us-east-1' ? 'ec2.internal' : `${cluster.region}.compute.internal`;
  return { ip, host: `ip-${ip.replaceAll('.', '-')}.${domain}` };
}
