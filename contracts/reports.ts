import { z } from 'zod';
import type { Budget, Budgets, Journal, JournalQuery } from './budgets.ts';
import { Creation } from './creation.ts';
import type { Location } from './health.ts';
import type { PlannedPlacement } from './plan.ts';

const micros = z.number().int();
const timeMs = z.number().int();

/** A cluster that carries, or carried, a creation's key. */
const RecordedCluster = z.object({
  key: z.string(),
  clusterId: z.string(),
  createdAtMs: timeMs,
  seenAtMs: timeMs,
  /** What it cost, micro-dollars; null until it is booked. */
  bookedMicros: micros.nullable(),
});

/** What the ledger knows of a request; it keeps it forever. Money in micro-dollars, times in ms since the epoch. */
export const RequestRecord = z.object({
  requestId: z.string(),
  /** Null when a cancel came before the request itself. */
  team: z.string().nullable(),
  /** How its last run ended; null while it runs, and when it was terminated. */
  outcome: z.enum(['ready', 'failed', 'cancelled']).nullable(),
  registeredAtMs: timeMs,
  endedAtMs: timeMs.nullable(),
  /** Its cancel, with every order for it; null when it is not cancelled. */
  cancel: z.object({ atMs: timeMs, who: z.string(), why: z.string(), orderIds: z.array(z.string()) }).nullable(),
  /** Orders of cancels that an operator has lifted. */
  liftedCancelIds: z.array(z.string()),
  /** The newest MAX_LISTED_CREATIONS, oldest first. */
  creations: z.array(Creation),
  /** How many creations the request has, listed or not. */
  creationCount: z.number().int(),
  /** Clusters of the listed creations, in the order they were first seen. */
  clusters: z.array(RecordedCluster),
  /** The holds of all its creations now, and the cost of those that ended; listed or not. */
  heldMicros: micros,
  costMicros: micros,
});
export type RequestRecord = z.infer<typeof RequestRecord>;

/** A cluster that is leased or being released. */
export const LiveCluster = z.object({
  creation: Creation,
  /** Creation time of the cluster, by the provider; null when it is not known. */
  createdAtMs: timeMs.nullable(),
});
export type LiveCluster = z.infer<typeof LiveCluster>;

/** Which clusters. Null means all. */
export interface ClusterQuery {
  readonly team: string | null;
  readonly provider: string | null;
}

/** Live clusters, longest leased first. */
export interface ClusterList {
  readonly clusters: readonly LiveCluster[];
  /** Whether there are more than MAX_CLUSTERS. */
  readonly more: boolean;
}

/** What Temporal knows of a creation: enough to write its row again. */
export interface Trace {
  readonly key: string;
  readonly clusterId: string;
  readonly bodyHash: string;
  readonly creation: Creation;
  readonly placement: PlannedPlacement;
}

/** Reads of the ledger for people. Each is an activity on the queue `ledger`, and most are operations of clients. */
export interface LedgerReports {
  /** What the ledger knows of a request; null for an id that it has never seen. */
  readRecord(input: { readonly requestId: string }): Promise<RequestRecord | null>;
  /** Clusters that are leased or being released. */
  listClusters(query: ClusterQuery): Promise<ClusterList>;
  /** Fails with InvalidRequest for a team without a budget. */
  readBudget(input: { readonly team: string }): Promise<Budget>;
  listBudgets(): Promise<Budgets>;
  /** Fails with InvalidRequest for a team without a budget. */
  readJournal(query: JournalQuery): Promise<Journal>;
  /** Locations of all creations. */
  listLocations(): Promise<readonly Location[]>;
}
