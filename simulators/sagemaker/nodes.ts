import { randomFor } from '../core/random.ts';
import { groupsOf, type AnyGroup, type Cluster } from './cluster.ts';
import { isGone, statusAt } from './life.ts';

const HEX = '0123456789abcdef';
const STUCK_MESSAGE =
  'The execution role does not have permission to perform: ec2:DeleteNetworkInterface. Restore the role and try again.';

/** Nodes come up in the second half of the time between launch and completion. */
const EARLIEST_BOOT = 0.5;

/** One instance at one moment. */
export interface Node {
  readonly group: AnyGroup;
  readonly instanceType: string;
  readonly logicalId: string;
  /** Undefined while the instance is not launched. */
  readonly instanceId: string | undefined;
  readonly launchAtMs: number;
  readonly status: string;
  readonly message: string | undefined;
  /** Known once the node runs. */
  readonly address: { readonly ip: string; readonly host: string } | undefined;
  readonly availabilityZone: string;
}

/** The nodes of a cluster as they are now, by group and index; computed anew each time from the cluster's arn and plan. */
export function nodesAt(cluster: Cluster, nowMs: number): Node[] {
  if (isGone(cluster, nowMs) || hasLostNodes(cluster, nowMs)) return [];
  let index = 0;
  return groupsOf(cluster.request).flatMap((group) => {
    const grant = cluster.grants[group.InstanceGroupName];
    if (grant === undefined) return [];
    return Array.from({ length: grant.nodes }, () => nodeAt(cluster, group, grant.instanceType, index++, nowMs));
  });
}

/** How many of a group's nodes run now. */
export function runningNodes(nodes: readonly Node[], group: AnyGroup): number {
  return nodes.filter((node) => node.group.InstanceGroupName === group.InstanceGroupName && node.status === 'Running')
    .length;
}

function nodeAt(cluster: Cluster, group: AnyGroup, instanceType: string, index: number, nowMs: number): Node {
  const random = randomFor(cluster.arn, 'node', index);
  const instanceId = `i-${random.text(HEX, 17)}`;
  const bootFraction = EARLIEST_BOOT + (1 - EARLIEST_BOOT) * random.fraction();
  const launched = nowMs >= cluster.nodesLaunchAtMs;
  const own = nodeStatus(cluster, bootFraction, nowMs);
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

function nodeStatus(cluster: Cluster, bootFraction: number, nowMs: number): string {
  const { plan } = cluster;
  if (cluster.deletingSinceMs !== undefined) return 'ShuttingDown';
  switch (plan.kind) {
    case 'ready': {
      const runsAtMs = cluster.nodesLaunchAtMs + bootFraction * (plan.fullAtMs - cluster.nodesLaunchAtMs);
      return nowMs >= runsAtMs ? 'Running' : 'Pending';
    }
    case 'fails':
      return nowMs >= plan.rollingBackAtMs ? 'ShuttingDown' : 'Pending';
    case 'never-ready':
      return 'Pending';
    case 'held':
      if (plan.status === 'Creating') return 'Pending';
      if (plan.status === 'Deleting' || plan.status === 'RollingBack') return 'ShuttingDown';
      return plan.status === 'SystemUpdating' ? 'SystemUpdating' : 'Running';
  }
}

/** A failed cluster has given its instances back, and one deleted after that has none to shut down. */
function hasLostNodes(cluster: Cluster, nowMs: number): boolean {
  if (cluster.plan.kind === 'fails') return nowMs >= cluster.plan.failedAtMs;
  return statusAt(cluster, nowMs) === 'Failed';
}

/** Addresses are unique within a cluster: 10.x is drawn for the cluster, the rest counts. */
function addressOf(cluster: Cluster, index: number): { ip: string; host: string } {
  const network = Math.floor(randomFor(cluster.arn, 'network').fraction() * 256);
  // AWS keeps the first four addresses of a subnet; 250 a block keeps clear of the last one too.
  const ip = `10.${network}.${Math.floor(index / 250)}.${4 + (index % 250)}`;
  const domain = cluster.region === 'us-east-1' ? 'ec2.internal' : `${cluster.region}.compute.internal`;
  return { ip, host: `ip-${ip.replaceAll('.', '-')}.${domain}` };
}
