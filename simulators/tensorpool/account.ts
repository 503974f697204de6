import { z } from 'zod';
import { ControlError } from '../core/control-routes.ts';
import type { StatePart } from '../core/control-messages.ts';
import { CommonCall, CommonState, emptyCommonState, survivesClear, type AccountData } from '../core/state.ts';
import { isGone } from '../core/visibility.ts';
import { Cluster, instanceIdsOf, REGION } from './cluster.ts';
import { clusterNotFound } from './errors.ts';
import { TrackedRequest } from './requests.ts';

/** The parts of a call: the id in its path, its query and its body. */
export const Input = z.object({ id: z.string(), query: z.record(z.string(), z.string()), body: z.unknown() });
export type Input = z.infer<typeof Input>;

/** A call of an operation, as it is kept when it is carried out later. */
export const Call = CommonCall.extend({ input: Input });
export type Call = z.infer<typeof Call>;

/** Everything that outlives the process, except the journal. */
export const AccountState = CommonState.extend({
  deferred: z.array(Call.extend({ dueAtMs: z.number() })),
  /** How many clusters and requests there ever were; makes the ids of later ones new. */
  lastNumber: z.int(),
  /** SSH keys in the user's profile. A create stores its keys there with `save_keys`. */
  savedKeys: z.array(z.string()),
  clusters: z.array(Cluster),
  requests: z.array(TrackedRequest),
});
export type AccountState = z.infer<typeof AccountState>;

/** The state of a new account. */
export function emptyState(): AccountState {
  return { ...emptyCommonState(), lastNumber: 0, savedKeys: [], clusters: [], requests: [] };
}

/** The clusters of one account. */
export class Account {
  readonly state: AccountData<AccountState>;

  constructor(state: Account['state']) {
    this.state = state;
  }

  /** The number of the next cluster or request, from 1. */
  nextNumber(): number {
    this.state.lastNumber += 1;
    return this.state.lastNumber;
  }

  /** The clusters that exist, oldest first. */
  liveClusters(nowMs: number): Cluster[] {
    return this.state.clusters.filter((cluster) => !isGone(cluster, nowMs));
  }

  /** The cluster of this id, live or gone. */
  withId(id: string): Cluster | undefined {
    return this.state.clusters.find((cluster) => cluster.id === id);
  }

  /** The cluster of this instance, live or gone. */
  withInstance(instanceId: string): Cluster | undefined {
    return this.state.clusters.find((cluster) => instanceIdsOf(cluster).includes(instanceId));
  }

  /**
   * The cluster that a caller finds by its id.
   * @throws Refusal 404, also while the cluster is not visible yet
   */
  visibleCluster(id: string, nowMs: number): Cluster {
    const found = this.withId(id);
    if (found === undefined || isGone(found, nowMs) || nowMs < found.visibleToGetAtMs) throw clusterNotFound(id);
    return found;
  }

  /** The cluster that a control call names: the oldest live one of the name. @throws ControlError when there is none */
  clusterForControl(region: string, name: string, nowMs: number): Cluster {
    checkRegion(region);
    const cluster = this.liveClusters(nowMs).find((candidate) => candidate.name === name);
    if (cluster === undefined) throw new ControlError(`There is no cluster ${name}.`);
    return cluster;
  }

  clear(parts: ReadonlySet<StatePart>, nowMs: number): void {
    const { state } = this;
    if (parts.has('live-clusters')) state.savedKeys = [];
    state.clusters = state.clusters.filter((cluster) => survivesClear(parts, isGone(cluster, nowMs)));
    const kept = new Set(state.clusters.map(({ id }) => id));
    state.requests = state.requests.filter(({ clusterId }) => kept.has(clusterId));
  }
}

/** @throws ControlError for any region but the one there is */
export function checkRegion(region: string): void {
  if (region !== REGION) throw new ControlError(`TensorPool has no regions: use "${REGION}".`);
}
