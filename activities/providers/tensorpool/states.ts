import { z } from 'zod';
import type { ClusterAccess, Observation, ObservedState } from '../../../contracts/cluster.ts';
import { MAX_LISTED_NODES, MAX_VENDOR_TEXT } from '../../../contracts/limits.ts';
import type { Json, PricedUnit } from '../../../contracts/providers/definition.ts';
import type { ReportedCluster } from './replies.ts';

/**
 * The vendor's statuses to our states. Only RUNNING is documented. A status such as TERMINATED counts as deleting: a cluster
 * that a reply still shows is not proven absent. An unknown status counts as creating.
 */
const STATES: Readonly<Record<string, ObservedState>> = {
  RUNNING: 'ready',
  FAILED: 'failed',
  ERROR: 'failed',
  TERMINATING: 'deleting',
  DESTROYING: 'deleting',
  DELETING: 'deleting',
  RELEASING: 'deleting',
  TERMINATED: 'deleting',
  DESTROYED: 'deleting',
  DELETED: 'deleting',
  RELEASED: 'deleting',
};
/** Statuses of clusters that have ended. When the listing does not show the cluster, such a record is not a cluster. */
const ENDED: ReadonlySet<string> = new Set(['TERMINATED', 'DESTROYED', 'DELETED', 'RELEASED']);

const stateOfStatus = (status: string | undefined): ObservedState => STATES[status ?? ''] ?? 'creating';

/** Likely texts of a claim that failed because of missing capacity. The vendor's texts are not known. */
const OUT_OF_CAPACITY = /capacity|out of stock|sold out|not available|unavailable/i;

/** How many nodes get a login command (policy). */
const LOGIN_EXAMPLES = 3;

/** The state by the cluster's own status. Without one, the state that all its instances have. */
export function stateOf({ status, instances = [] }: ReportedCluster): ObservedState {
  if (status !== undefined) return stateOfStatus(status);
  const [first, ...others] = new Set(instances.map((instance) => stateOfStatus(instance.status)));
  return first === undefined || others.length > 0 ? 'creating' : first;
}

/** Running nodes. When the reply has no instances, the cluster's own status counts for all nodes. */
function nodesInService(cluster: ReportedCluster, wanted: number): number {
  const running = stateOf(cluster) === 'ready';
  if (cluster.instances === undefined) return running ? (cluster.nodes ?? wanted) : 0;
  return cluster.instances.filter(({ status }) => (status === undefined ? running : stateOfStatus(status) === 'ready'))
    .length;
}

/** The part of the stored call that says how many nodes the cluster needs. */
const CallNodes = z.object({ num_nodes: z.number() });

/** A cluster's state, compared with what was wanted. RUNNING is not enough: the nodes must be there. */
export function toObservation(cluster: ReportedCluster, call: Json, reason: string | undefined): Observation {
  const nodesWanted = CallNodes.parse(call).num_nodes;
  const inService = nodesInService(cluster, nodesWanted);
  const state = stateOf(cluster);
  const message = reason ?? cluster.message ?? '';
  return {
    state: state === 'ready' && inService < nodesWanted ? 'degraded' : state,
    nodesInService: inService,
    nodesWanted,
    outOfCapacity: state === 'failed' && OUT_OF_CAPACITY.test(message),
    ...(ENDED.has(cluster.status ?? '') ? { resourcesRemain: false } : {}),
    ...(cluster.hourlyMicros === undefined ? {} : { hourlyMicros: cluster.hourlyMicros }),
    detail: `${cluster.status ?? 'no status'}${message && `: ${message.slice(0, MAX_VENDOR_TEXT)}`}`,
  };
}

/** What is billed: the requested nodes. Nothing says that a node that is down costs less. */
export function toUnits({ instanceType, nodes, instances }: ReportedCluster): PricedUnit[] {
  const count = nodes ?? instances?.length ?? 0;
  return instanceType === undefined || count === 0 ? [] : [{ instanceType, count }];
}

/** A cluster that does not exist. */
export const GONE: Observation = {
  state: 'gone',
  nodesInService: 0,
  nodesWanted: 0,
  outOfCapacity: false,
  detail: 'not found',
};

/** A cluster that does not exist because its claim failed. */
export function toFailedObservation(failedClaim: string, call: Json): Observation {
  return {
    state: 'failed',
    nodesInService: 0,
    nodesWanted: CallNodes.parse(call).num_nodes,
    outOfCapacity: OUT_OF_CAPACITY.test(failedClaim),
    resourcesRemain: false,
    detail: `not created: ${failedClaim.slice(0, MAX_VENDOR_TEXT)}`,
  };
}

/** The nodes, and the vendor's login command for the first of them. */
export function toAccess(cluster: ReportedCluster): ClusterAccess {
  const instances = cluster.instances ?? [];
  return {
    clusterId: cluster.id,
    clusterName: cluster.name,
    nodeCount: cluster.instances?.length ?? cluster.nodes ?? 0,
    nodes: instances.slice(0, MAX_LISTED_NODES).map(({ id, address }) => ({
      nodeId: id,
      group: 'nodes',
      instanceType: cluster.instanceType ?? '',
      address: address ?? null,
      dnsName: null,
    })),
    login: instances.slice(0, LOGIN_EXAMPLES).map(({ id }) => `tp ssh ${id}`),
  };
}
