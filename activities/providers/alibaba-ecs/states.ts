import type { ClusterAccess, Observation } from '../../../contracts/cluster.ts';
import { MAX_LISTED_NODES } from '../../../contracts/limits.ts';
import type { PricedUnit } from '../../../contracts/providers/definition.ts';
import { mayNotShowYet, NOT_ON_ITS_WAY } from './clusters.ts';
import type { Instance } from './reads.ts';

/** Commands shown for logging in: one a node, for the first few (policy). */
const LOGIN_EXAMPLES = 3;

/** What a look at a cluster found. */
export interface Seen {
  readonly hasContainer: boolean;
  readonly ours: readonly Instance[];
}

/**
 * A look against what was asked for. An instance that the service takes back for want of machines vanishes without a
 * word, and does not come again: once the rest are too old for others not to show yet, too few of them have failed.
 * @param wanted instances that make it usable; 0 for a container alone
 */
export function toObservation({ hasContainer, ours }: Seen, wanted: number, nowMs: number): Observation {
  const running = ours.filter(({ status }) => status === 'Running').length;
  const coming = ours.filter(({ status }) => !NOT_ON_ITS_WAY.has(status)).length;
  const state = (): Observation['state'] => {
    // A container whose instances do not show is no cluster: they are awaited, as what does not show yet, and then gone.
    if (ours.length === 0) return hasContainer && wanted === 0 ? 'ready' : 'gone';
    if (running >= wanted) return 'ready';
    if (ours.length < wanted) return ours.some((instance) => mayNotShowYet(instance, nowMs)) ? 'creating' : 'failed';
    return running + coming < wanted ? 'degraded' : 'creating';
  };
  return {
    state: state(),
    // An emptied container bills nothing, and is still to be deleted.
    resourcesRemain: hasContainer || ours.length > 0,
    nodesInService: running,
    nodesWanted: wanted,
    // Nothing says why instances are missing: that there was no stock is told when they are asked for.
    outOfCapacity: false,
    detail: `${hasContainer ? 'HPC cluster with' : 'no HPC cluster,'} ${told(ours)}`,
  };
}

/** Such as "2 Running, 1 Stopped". */
const told = (ours: readonly Instance[]): string =>
  counted(ours.map(({ status }) => status))
    .map(([status, count]) => `${count} ${status}`)
    .join(', ') || 'no instances';

/** What bills. Whether a stopped instance does depends on how it was stopped: it counts. */
export const toUnits = (ours: readonly Instance[]): PricedUnit[] =>
  counted(ours.map(({ instanceType }) => instanceType)).map(([instanceType, count]) => ({ instanceType, count }));

function counted(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts];
}

/** Nodes are reached by SSH at their private addresses, as root with the key pair of the account. */
export function toAccess(clusterId: string, clusterName: string, ours: readonly Instance[]): ClusterAccess {
  const nodes = ours.slice(0, MAX_LISTED_NODES).map(({ id, instanceType, address }) => ({
    ...{ nodeId: id, group: 'nodes', instanceType, address, dnsName: null },
  }));
  const login = nodes
    .flatMap(({ address }) => (address === null ? [] : [`ssh root@${address}`]))
    .slice(0, LOGIN_EXAMPLES);
  return { clusterId, clusterName, nodeCount: ours.length, nodes, login };
}
