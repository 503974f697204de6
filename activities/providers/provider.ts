import type { ClusterAccess, Observation, ObservedState } from '../../contracts/cluster.ts';
import type { IdempotencyClass, Json, PricedUnit } from '../../contracts/providers/definition.ts';

/** A cluster at a provider, as its listings show it. */
export interface FoundCluster {
  /** The provider's id of this incarnation: a cluster deleted and made again has another. */
  readonly clusterId: string;
  readonly name: string;
  readonly state: ObservedState;
  /** The provider's time of birth, ms since the epoch; null where it tells none. */
  readonly createdAtMs: number | null;
  /** What the provider bills for it, micro-dollars an hour; absent where it does not tell. */
  readonly hourlyMicros?: number;
  /** Only begun: its creation takes several calls, and not all of them were made. It is not adopted, but gone on with. */
  readonly partial?: boolean;
}

/** What a create came to. */
export interface Created {
  readonly clusterId: string;
  /** What the provider bills for it, micro-dollars an hour; absent where it does not tell. */
  readonly hourlyMicros?: number;
}

/** What wears a key. `taken`: somebody else's cluster, which is never touched. */
export type Found =
  | { readonly kind: 'ours'; readonly cluster: FoundCluster }
  | { readonly kind: 'taken'; readonly detail: string }
  | { readonly kind: 'none' };

/**
 * The port that every provider implements. Calls stop themselves in bounded time, make one HTTP request each (pages
 * apart), never retry, and throw {@link ProviderError} alone.
 */
export interface Provider {
  readonly name: string;
  readonly idempotency: IdempotencyClass;
  /** The vendor operations this adapter uses. */
  readonly calls: readonly string[];
  /**
   * Looks for the key by exact name, and at who owns what it finds. Where names are not unique and several wear the key,
   * the oldest. The stored call tells what belongs to it.
   */
  find(region: string, key: string, call: Json): Promise<Found>;
  /** Every cluster whose name holds this text, whoever owns it, page by page to the end. */
  list(region: string, nameContains: string): Promise<FoundCluster[]>;
  /**
   * Sends the stored call, as it stands. Only under a claim from the ledger. Where a cluster takes several calls, each
   * is as idempotent as the vendor allows, and an error says what was made all the same.
   * @param begun what a look has found begun under the key: the calls that are left go on with it
   */
  create(region: string, call: Json, partial: FoundCluster | null): Promise<Created>;
  /** One look; a cluster that is not there is `gone`. The call tells how many nodes are wanted. */
  observe(region: string, clusterId: string, call: Json): Promise<Observation>;
  /**
   * Nodes and ways to log in of a ready cluster.
   * @param call the creation's, here and below: where parts of a cluster may be others', it tells which are ours
   */
  access(region: string, clusterId: string, call?: Json): Promise<ClusterAccess>;
  /** What a cluster is made of now, whoever owns it; nothing where it is gone, or the provider does not tell. */
  units(region: string, clusterId: string): Promise<readonly PricedUnit[]>;
  /**
   * Lets the provider end a cluster by itself at a time, ms since the epoch, and not before; one that would end later, or
   * never, stays as it is. Only for providers that end clusters by themselves: one call a node that must be moved.
   */
  moveExpiry?(region: string, clusterId: string, atMs: number, call?: Json): Promise<void>;
  /** Asks for deletion by id. Deleting what is not there succeeds; one that cannot be deleted yet is a `conflict`. */
  delete(region: string, clusterId: string, call?: Json): Promise<void>;
  /** Whose credentials it uses, free of secrets. Fails as unauthorized where there are none. */
  identity(): Promise<string>;
  /** An id, in the vendor's form, that no cluster has: looking for it changes nothing and needs the right to look. */
  readonly nonexistentId: string;
  /** Frees sockets. */
  close(): void;
}
