import { z } from 'zod';
import { ControlError } from '../core/control-routes.ts';
import type { Part } from '../core/control-messages.ts';
import { CommonState, Deferred, emptyCommonState, stays, type AccountPart } from '../core/state.ts';
import { Cluster, instanceIdsOf, REGION } from './cluster.ts';
import { clusterNotFound } from './errors.ts';
import { isGone } from './life.ts';
import { TrackedRequest } from './requests.ts';

/** A call whose effect comes later than its connection ended. */
export const DeferredCall = Deferred.extend({
  input: z.object({ id: z.string(), query: z.record(z.string(), z.string()), body: z.unknown() }),
});
export type DeferredCall = z.infer<typeof DeferredCall>;

/** Everything that outlives the process, but for the journal. */
export const AccountState = CommonState.extend({
  deferred: z.array(DeferredCall),
  /** How many clusters and requests there ever were; keeps the ids of later ones new. */
  incarnations: z.int(),
  /** SSH keys stored in the user's profile: what `save_keys` does. */
  savedKeys: z.array(z.string()),
  clusters: z.array(Cluster),
  requests: z.array(TrackedRequest),
});
export type AccountState = z.infer<typeof AccountState>;

/** The state of an account in which nothing has happened yet. */
export function emptyState(): AccountState {
  return { ...emptyCommonState(), incarnations: 0, savedKeys: [], clusters: [], requests: [] };
}

/** The clusters of one account and the ways to find them. */
export class Account {
  readonly state: AccountPart<AccountState>;

  constructor(state: Account['state']) {
    this.state = state;
  }

  /** The next number of a birth or a request. */
  nextIncarnation(): number {
    this.state.incarnations += 1;
    return this.state.incarnations;
  }

  /** The clusters that have not gone, oldest first. */
  living(nowMs: number): Cluster[] {
    return this.state.clusters.filter((cluster) => !isGone(cluster, nowMs));
  }

  withId(id: string): Cluster | undefined {
    return this.state.clusters.find((cluster) => cluster.id === id);
  }

  withInstance(instanceId: string): Cluster | undefined {
    return this.state.clusters.find((cluster) => instanceIdsOf(cluster).includes(instanceId));
  }

  /**
   * What a caller finds under an id.
   * @throws Refusal 404, also while the cluster is not visible yet
   */
  visible(id: string, nowMs: number): Cluster {
    const found = this.withId(id);
    if (found === undefined || isGone(found, nowMs) || nowMs < found.visibleToGetAtMs) throw clusterNotFound(id);
    return found;
  }

  /** The oldest living cluster of the name. @throws ControlError when there is none */
  mustHold(region: string, name: string, nowMs: number): Cluster {
    mustBeGlobal(region);
    const cluster = this.living(nowMs).find((candidate) => candidate.name === name);
    if (cluster === undefined) throw new ControlError(`There is no cluster ${name}.`);
    return cluster;
  }

  forget(parts: ReadonlySet<Part>, nowMs: number): void {
    const { state } = this;
    if (parts.has('live-clusters')) state.savedKeys = [];
    if (!parts.has('gone-clusters') && !parts.has('live-clusters')) return;
    state.clusters = state.clusters.filter((cluster) => stays(parts, isGone(cluster, nowMs)));
    const left = new Set(state.clusters.map(({ id }) => id));
    state.requests = state.requests.filter(({ clusterId }) => left.has(clusterId));
  }
}

/** @throws ControlError for any other place */
export function mustBeGlobal(region: string): void {
  if (region !== REGION) throw new ControlError(`TensorPool has no regions; say "${REGION}".`);
}
