import { z } from 'zod';
import { ControlError } from '../core/control-routes.ts';
import type { StatePart } from '../core/control-messages.ts';
import { CommonCall, CommonState, emptyCommonState, survivesClear, type AccountData } from '../core/state.ts';
import { isGone } from '../core/visibility.ts';
import { Cluster } from './cluster.ts';
import { clusterNotFound } from './errors.ts';

/** A call of an operation, as it is kept when it is carried out later. */
export const Call = CommonCall.extend({ region: z.string(), body: z.record(z.string(), z.unknown()) });
export type Call = z.infer<typeof Call>;

/** Everything that outlives the process, except the journal. */
export const AccountState = CommonState.extend({
  deferred: z.array(Call.extend({ dueAtMs: z.number() })),
  /** How many clusters were ever created, by region; makes the ids of later ones new. */
  clusterCounts: z.record(z.string(), z.int()),
  clusters: z.array(Cluster),
});
export type AccountState = z.infer<typeof AccountState>;

/** The state of a new account. */
export function emptyState(): AccountState {
  return { ...emptyCommonState(), clusterCounts: {}, clusters: [] };
}

/** The clusters of one account in all regions. A region knows nothing of the others. */
export class Account {
  readonly state: AccountData<AccountState>;
  /** The latest cluster of each region and name; it may be gone. */
  readonly #byName = new Map<string, Cluster>();
  readonly #byArn = new Map<string, Cluster>();

  constructor(state: Account['state']) {
    this.state = state;
    for (const cluster of state.clusters) this.#index(cluster);
  }

  /** The number of the region's next cluster, from 1. */
  nextClusterNumber(region: string): number {
    const next = (this.state.clusterCounts[region] ?? 0) + 1;
    this.state.clusterCounts[region] = next;
    return next;
  }

  add(cluster: Cluster): void {
    this.state.clusters.push(cluster);
    this.#index(cluster);
  }

  /** The clusters of a region that exist, oldest first. */
  liveClusters(region: string, nowMs: number): Cluster[] {
    return [...this.#byArn.values()].filter((cluster) => cluster.region === region && !isGone(cluster, nowMs));
  }

  /** The cluster that has this name now, visible to callers or not. */
  clusterNamed(region: string, name: string, nowMs: number): Cluster | undefined {
    const cluster = this.#byName.get(keyOf(region, name));
    return cluster === undefined || isGone(cluster, nowMs) ? undefined : cluster;
  }

  /** The cluster that has this ARN, visible to callers or not. */
  withArn(region: string, arn: string, nowMs: number): Cluster | undefined {
    const cluster = this.#byArn.get(arn);
    return cluster === undefined || cluster.region !== region || isGone(cluster, nowMs) ? undefined : cluster;
  }

  /**
   * The cluster that a caller finds by a name or an ARN.
   * @throws Refusal ResourceNotFound, also while the cluster is not visible yet
   */
  visibleCluster(region: string, nameOrArn: string, nowMs: number): Cluster {
    const found = nameOrArn.startsWith('arn:')
      ? this.withArn(region, nameOrArn, nowMs)
      : this.clusterNamed(region, nameOrArn, nowMs);
    if (found === undefined || nowMs < found.visibleToGetAtMs) throw clusterNotFound(nameOrArn);
    return found;
  }

  /** The cluster that a control call names. @throws ControlError when the region has no such cluster */
  clusterForControl(region: string, name: string, nowMs: number): Cluster {
    const cluster = this.clusterNamed(region, name, nowMs);
    if (cluster === undefined) throw new ControlError(`There is no cluster ${name} in ${region}.`);
    return cluster;
  }

  clear(parts: ReadonlySet<StatePart>, nowMs: number): void {
    const { state } = this;
    state.clusters = state.clusters.filter((cluster) => survivesClear(parts, isGone(cluster, nowMs)));
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
