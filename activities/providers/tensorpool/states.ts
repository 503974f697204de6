import { z } from 'zod';
import type { ClusterAccess, Observation, ObservedState } from '../../../contracts/cluster.ts';
import { MAX_LISTED_NODES, MAX_VENDOR_TEXT } from '../../../contracts/limits.ts';
import type { Json, PricedUnit } from '../../../contracts/providers/definition.ts';
import type { SeenCluster } from './inferred.ts';

/**
 * The vendor's words in ours. Only RUNNING is documented. A word for "gone" counts as being deleted: what a reply still
 * shows is not proven absent, whatever it says of it; and an unknown word as "still working".
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
/** Words for what is over. Where a listing shows nothing any more, a record of it that is kept is no cluster. */
const OVER: ReadonlySet<string> = new Set(['TERMINATED', 'DESTROYED', 'DELETED', 'RELEASED']);

const meaning = (status: string | undefined): ObservedState => STATES[status ?? ''] ?? 'creating';

/** Text of a claim that failed for want of machines; the vendor's words are not known. */
const OUT_OF_CAPACITY = /capacity|out of stock|sold out|not available|unavailable/i;

/** Commands shown for logging in: one a node, for the first few (policy). */
const LOGIN_EXAMPLES = 3;

/** The cluster's own status, or what its instances agree on where it has none. */
export function stateOf({ status, instances = [] }: SeenCluster): ObservedState {
  if (status !== undefined) return meaning(status);
  const [first, ...others] = new Set(instances.map((instance) => meaning(instance.status)));
  return first === undefined || others.length > 0 ? 'creating' : first;
}

/** Nodes that run. Where nothing is told of them, the cluster's own word stands for all. */
function nodesInService(cluster: SeenCluster, wanted: number): number {
  const running = stateOf(cluster) === 'ready';
  if (cluster.instances === undefined) return running ? (cluster.nodes ?? wanted) : 0;
  return cluster.instances.filter(({ status }) => (status === undefined ? running : meaning(status) === 'ready'))
    .length;
}

/** The part of the stored call that tells how many nodes make the cluster usable. */
const CallNodes = z.object({ num_nodes: z.number() });

/** A cluster against what was asked for: RUNNING is not enough, the nodes must be there. */
export function toObservation(cluster: SeenCluster, call: Json, reason: string | undefined): Observation {
  const nodesWanted = CallNodes.parse(call).num_nodes;
  const inService = nodesInService(cluster, nodesWanted);
  const state = stateOf(cluster);
  const message = reason ?? cluster.message ?? '';
  return {
    state: state === 'ready' && inService < nodesWanted ? 'degraded' : state,
    nodesInService: inService,
    nodesWanted,
    outOfCapacity: state === 'failed' && OUT_OF_CAPACITY.test(message),
    ...(OVER.has(cluster.status ?? '') ? { resourcesRemain: false } : {}),
    ...(cluster.hourlyMicros === undefined ? {} : { hourlyMicros: cluster.hourlyMicros }),
    detail: `${cluster.status ?? 'no status'}${message && `: ${message.slice(0, MAX_VENDOR_TEXT)}`}`,
  };
}

/** What bills: the nodes asked for, since nothing says that one which is down costs less. */
export function toUnits({ instanceType, nodes, instances }: SeenCluster): PricedUnit[] {
  const count = nodes ?? instances?.length ?? 0;
  return instanceType === undefined || count === 0 ? [] : [{ instanceType, count }];
}

/** A cluster that is not there. */
export const GONE: Observation = {
  state: 'gone',
  nodesInService: 0,
  nodesWanted: 0,
  outOfCapacity: false,
  detail: 'not found',
};

/** A cluster that is not there because its claim failed. */
export function neverMade(failedClaim: string, call: Json): Observation {
  return {
    state: 'failed',
    nodesInService: 0,
    nodesWanted: CallNodes.parse(call).num_nodes,
    outOfCapacity: OUT_OF_CAPACITY.test(failedClaim),
    resourcesRemain: false,
    detail: `not made: ${failedClaim.slice(0, MAX_VENDOR_TEXT)}`,
  };
}

/** Nodes and the vendor's own command to log in to each of the first ones. */
export function toAccess(cluster: SeenCluster): ClusterAccess {
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
