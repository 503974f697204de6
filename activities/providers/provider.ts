import type { ClusterAccess, Observation, ObservedState } from '../../contracts/cluster.ts';
import type { IdempotencyClass, Json, PricedUnit } from '../../contracts/providers/definition.ts';

/** A cluster as a provider's listing shows it. */
export interface FoundCluster {
  /** The provider's id. A cluster that is deleted and created again has another id. */
  readonly clusterId: string;
  readonly name: string;
  readonly state: ObservedState;
  /** The provider's creation time, ms since the epoch; null when it has none. */
  readonly createdAtMs: number | null;
  /** What the provider bills for it, micro-dollars an hour; absent when it does not say. */
  readonly hourlyMicros?: number;
  /** True when the creation takes several calls and some are still to be made. A create completes such a cluster. */
  readonly partial?: boolean;
}

/** The answer to a create. */
export interface CreateResult {
  readonly clusterId: string;
  /** What the provider bills for it, micro-dollars an hour; absent when it does not say. */
  readonly hourlyMicros?: number;
}

/** Which cluster carries a key. `taken` is another owner's cluster, which is never touched. */
export type FindResult =
  | { readonly kind: 'ours'; readonly cluster: FoundCluster }
  | { readonly kind: 'taken'; readonly detail: string }
  | { readonly kind: 'none' };

/**
 * The port that every provider implements. Each call ends in bounded time and throws only {@link ProviderError}. `create`
 * sends its first HTTP request once; it may repeat later ones that carry a token.
 */
export interface Provider {
  readonly name: string;
  readonly idempotency: IdempotencyClass;
  /** The vendor operations that this adapter uses. */
  readonly calls: readonly string[];
  /**
   * Finds the cluster with exactly this name, and checks whether it is ours. When several clusters have the name, it returns
   * the oldest.
   * @param call the creation's stored call: it says which parts belong to the cluster
   */
  find(region: string, key: string, call: Json): Promise<FindResult>;
  /** Every cluster whose name contains this text, of all owners. Reads all pages. */
  list(region: string, nameContains: string): Promise<FoundCluster[]>;
  /**
   * Sends the stored call unchanged. It may be called only under a claim from the ledger. When a cluster takes several
   * calls, each is as idempotent as the vendor allows, and an error carries what remains (`leftover`).
   * @param partial the partial cluster that `find` returned: only the remaining calls are sent
   */
  create(region: string, call: Json, partial: FoundCluster | null): Promise<CreateResult>;
  /**
   * Reads the cluster's state once. A cluster that does not exist is `gone`.
   * @param call the stored call: it says how many nodes are wanted
   */
  observe(region: string, clusterId: string, call: Json): Promise<Observation>;
  /**
   * The nodes of a ready cluster, and how to log in.
   * @param call the stored call, here and below: when a cluster can contain another owner's parts, it says which are ours
   */
  access(region: string, clusterId: string, call?: Json): Promise<ClusterAccess>;
  /** What a cluster consists of now, parts of all owners included. Empty when it is gone or the provider does not say. */
  units(region: string, clusterId: string): Promise<readonly PricedUnit[]>;
  /**
   * Moves the time at which the provider itself ends a cluster, to `atMs` in ms since the epoch. A later expiry stays, and
   * so does a cluster without one. Only for providers that end clusters by themselves; it takes one call for each node.
   */
  moveExpiry?(region: string, clusterId: string, atMs: number, call?: Json): Promise<void>;
  /** Starts the deletion, by id. Succeeds for a cluster that does not exist. One that cannot be deleted yet is a `conflict`. */
  delete(region: string, clusterId: string, call?: Json): Promise<void>;
  /** The credentials in use, without secrets. Throws `unauthorized` when there are none. */
  identity(): Promise<string>;
  /** An id in the vendor's form that no cluster has. A check reads it to test the right to read. */
  readonly nonexistentId: string;
  /** Closes sockets. */
  close(): void;
}
