import { z } from 'zod';
import { ControlError } from '../core/control-routes.ts';
import type { Part } from '../core/control-messages.ts';
import { CommonState, Deferred, emptyCommonState, stays, type AccountPart } from '../core/state.ts';
import { Cluster } from './cluster.ts';
import { clusterNotFound } from './errors.ts';
import { isGone } from './life.ts';

/** A call whose effect comes later than its connection ended. */
export const DeferredCall = Deferred.extend({
  region: z.string(),
  body: z.record(z.string(), z.unknown()),
});
export type DeferredCall = z.infer<typeof DeferredCall>;

/** Everything that outlives the process, but for the journal. */
export const AccountState = CommonState.extend({
  deferred: z.array(DeferredCall),
  /** How many clusters were ever born, by region; keeps the ids of later ones new. */
  incarnations: z.record(z.string(), z.int()),
  clusters: z.array(Cluster),
});
export type AccountState = z.infer<typeof AccountState>;

/** The state of an account in which nothing has happened yet. */
export function emptyState(): AccountState {
  return { ...emptyCommonState(), incarnations: {}, clusters: [] };
}

/** The clusters of one account in all regions, and the ways to find them. Regions know nothing of each other. */
export class Account {
  readonly state: AccountPart<AccountState>;
  /** The latest incarnation by region and name; it may have gone. */
  readonly #byName = new Map<string, Cluster>();
  readonly #byArn = new Map<string, Cluster>();

  constructor(state: Account['state']) {
    this.state = state;
    for (const cluster of state.clusters) this.#index(cluster);
  }

  /** The next number of a birth in the region. */
  nextIncarnation(region: string): number {
    const next = (this.state.incarnations[region] ?? 0) + 1;
    this.state.incarnations[region] = next;
    return next;
  }

  add(cluster: Cluster): void {
    this.state.clusters.push(cluster);
    this.#index(cluster);
  }

  /** The clusters of a region that have not gone, oldest first. */
  living(region: string, nowMs: number): Cluster[] {
    return [...this.#byArn.values()].filter((cluster) => cluster.region === region && !isGone(cluster, nowMs));
  }

  /** Who holds the name, seen from inside: no lag of visibility. */
  holderOf(region: string, name: string, nowMs: number): Cluster | undefined {
    const cluster = this.#byName.get(keyOf(region, name));
    return cluster === undefined || isGone(cluster, nowMs) ? undefined : cluster;
  }

  /** The cluster of this ARN, seen from inside. */
  withArn(region: string, arn: string, nowMs: number): Cluster | undefined {
    const cluster = this.#byArn.get(arn);
    return cluster === undefined || cluster.region !== region || isGone(cluster, nowMs) ? undefined : cluster;
  }

  /**
   * What a caller finds under a name or an ARN.
   * @throws AwsError ResourceNotFound, also while the cluster is not visible yet
   */
  visible(region: string, nameOrArn: string, nowMs: number): Cluster {
    const found = nameOrArn.startsWith('arn:')
      ? this.withArn(region, nameOrArn, nowMs)
      : this.holderOf(region, nameOrArn, nowMs);
    if (found === undefined || nowMs < found.visibleToGetAtMs) throw clusterNotFound(nameOrArn);
    return found;
  }

  /** @throws ControlError when the region has no such cluster */
  mustHold(region: string, name: string, nowMs: number): Cluster {
    const cluster = this.holderOf(region, name, nowMs);
    if (cluster === undefined) throw new ControlError(`There is no cluster ${name} in ${region}.`);
    return cluster;
  }

  forget(parts: ReadonlySet<Part>, nowMs: number): void {
    const { state } = this;
    if (!parts.has('gone-clusters') && !parts.has('live-clusters')) return;
    state.clusters = state.clusters.filter((cluster) => stays(parts, isGone(cluster, nowMs)));
    this.#byName.clear();
    this.#byArn.clear();
    for (const cluster of state.clusters) this.#index(cluster);
  }

  #index(cluster: Cluster): void {
    this.#byName.set(keyOf(cluster.region, cluster.name), cluster);
    this.#byArn.set(cluster.arn, cluster);
  }
}

function keyOf(region: string, name: string): string {
  return `${region}/${name}`;
}
