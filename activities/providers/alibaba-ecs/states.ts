import type { ClusterAccess, Observation } from '../../../contracts/cluster.ts';
import { MAX_LISTED_NODES } from '../../../contracts/limits.ts';
import type { PricedUnit } from '../../../contracts/providers/definition.ts';
import { mayNotShowYet, SETTLED_STATUSES } from './clusters.ts';
import type { Instance } from './reads.ts';

/** How many nodes get a login command (policy). */
const LOGIN_EXAMPLES = 3;

/** What a cluster consists of now. */
export interface ClusterParts {
  readonly hasContainer: boolean;
  readonly ours: readonly Instance[];
}

/**
 * A cluster's state, compared with what was wanted. When the service takes an instance back for lack of capacity, the
 * instance disappears and does not return. So too few instances count as failed, once the others are so old that a missing
 * one would show.
 * @param wanted instances that make the cluster ready; 0 for a container alone
 */
export function toObservation({ hasContainer, ours }: ClusterParts, wanted: number, nowMs: number): Observation {
  const running = ours.filter(({ status }) => status === 'Running').length;
  const coming = ours.filter(({ status }) => !SETTLED_STATUSES.has(status)).length;
  const state = (): Observation['state'] => {
    // A container without its instances is not a cluster. `gone` makes the caller wait for them, and then give up.
    if (ours.length === 0) return hasContainer && wanted === 0 ? 'ready' : 'gone';
    if (running >= wanted) return 'ready';
    if (ours.length < wanted) return ours.some((instance) => mayNotShowYet(instance, nowMs)) ? 'creating' : 'failed';
    return running + coming < wanted ? 'degraded' : 'creating';
  };
  return {
    state: state(),
    // An empty container bills nothing, but must still be deleted.
    resourcesRemain: hasContainer || ours.length > 0,
    nodesInService: running,
    nodesWanted: wanted,
    // The service does not say why instances are missing. It reports missing stock only in reply to a run.
    outOfCapacity: false,
    detail: `${hasContainer ? 'HPC cluster with' : 'no HPC cluster,'} ${statusText(ours)}`,
  };
}

/** Such as "2 Running, 1 Stopped". */
const statusText = (ours: readonly Instance[]): string =>
  counted(ours.map(({ status }) => status))
    .map(([status, count]) => `${count} ${status}`)
    .join(', ') || 'no instances';

/** What is billed. A stopped instance counts: whether it is billed depends on how it was stopped. */
export const toUnits = (ours: readonly Instance[]): PricedUnit[] =>
  counted(ours.map(({ instanceType }) => instanceType)).map(([instanceType, count]) => ({ instanceType, count }));

function counted(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts];
}

/** Nodes are reached by SSH at their private addresses, as root with the account's key pair. */
export function toAccess(clusterId: string, clusterName: string, ours: readonly Instance[]): ClusterAccess {
  const nodes = ours.slice(0, MAX_LISTED_NODES).map(({ id, instanceType, address }) => ({
    ...{ nodeId: id, group: 'nodes', instanceType, address, dnsName: null },
  }));
  const login = nodes
    .flatMap(({ address }) => (address === null ? [] : [`ssh root@${address}`]))
    .slice(0, LOGIN_EXAMPLES);
  return { clusterId, clusterName, nodeCount: ours.length, nodes, login };
}
