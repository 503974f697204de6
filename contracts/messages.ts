import type { Budget, BudgetOrder, Budgets } from './activities.ts';
import type { ObservedState, SkippedPlacement, ProvisionedCluster, TimelineEntry } from './cluster.ts';
import type { Creation } from './creation.ts';
import type { Failure } from './failures.ts';
import type { Audit, RegionAudits } from './findings.ts';
import type { Check, DryRun, Location } from './health.ts';
import type { Phase } from './phases.ts';
import type { ClusterList, ClustersOrder, Journal, JournalOrder, LedgerRequest, Trace } from './reports.ts';

/** Workflow types and their inputs. */
export interface Workflows {
  provisionCluster(request: unknown): Promise<ProvisionedCluster>;
  leaseCluster(input: { readonly creation: Creation }): Promise<Creation>;
  /** @param clusterId the one cluster to remove, born too late under the creation's key; without it all that it made */
  cleanupCreation(input: { readonly creation: Creation; readonly clusterId?: string }): Promise<Creation>;
  /** @param heartbeatTimeoutMs after which silence a sweep is taken up by another worker */
  monitorRegion(input: Location & { readonly heartbeatTimeoutMs: number }): Promise<never>;
  cancelRequest(order: Order): Promise<CancelReply>;
  releaseRequest(order: Order): Promise<ReleaseReply>;
  extendLease(order: ExtendOrder): Promise<ExtendReply>;
  listClusters(order: ClustersOrder): Promise<ClusterList>;
  /** @param places where to look; null for everywhere the ledger has been */
  auditRegions(input: { readonly locations: readonly Location[] | null }): Promise<RegionAudits>;
  auditAll(input: { readonly locations: readonly Location[] | null }): Promise<Audit>;
  traceCluster(input: { readonly key: string; readonly clusterId: string }): Promise<Trace | null>;
  restoreCreation(trace: Trace): Promise<Creation>;
  setBudget(order: BudgetOrder): Promise<Budget>;
  showBudget(order: { readonly team: string }): Promise<Budget>;
  listBudgets(): Promise<Budgets>;
  showJournal(order: JournalOrder): Promise<Journal>;
  describeRequest(input: { readonly requestId: string }): Promise<LedgerRequest | null>;
  auditLedger(): Promise<readonly string[]>;
  checkHealth(input: { readonly locations: readonly Location[] }): Promise<readonly Check[]>;
  dryRun(request: unknown): Promise<DryRun>;
}
export type WorkflowName = keyof Workflows;

/** A client's order about a request. */
export interface Order {
  readonly requestId: string;
  /** Names this order: the same id twice is one order. */
  readonly orderId: string;
  readonly who: string;
  readonly why: string;
}

/** A client's order that a lease shall end later. */
export interface ExtendOrder extends Order {
  /** When it shall end, ms since the epoch; or, by this much later than it would now. */
  readonly end: { readonly untilMs: number } | { readonly byMs: number };
}

/** What came of it. One that is refused fails; workflows of before that did, where there was no ready cluster, answered. */
export type ExtendReply = Extended | { readonly outcome: 'not-leased'; readonly creation: Creation | null };

/** A lease as it lives on, with its new end. */
export interface Extended {
  readonly outcome: 'extended';
  readonly creation: Creation;
}

/** What came of a cancel. */
export type CancelReply = {
  /** cancelling: its workflow goes on to make it absent; cleaning: nobody ran it, a cleanup does;
   *  recorded: nothing stood, and nothing will; use-release: ready already. */
  readonly outcome: 'cancelling' | 'cleaning' | 'recorded' | 'use-release';
  readonly creation: Creation | null;
};

/** What came of a release. */
export type ReleaseReply = {
  /** releasing: the lease makes it absent; released: over already; not-leased: there is no ready cluster. */
  readonly outcome: 'releasing' | 'released' | 'not-leased';
  readonly creation: Creation | null;
};

/** Names of signals and queries, with the descriptions that the Web UI shows. */
export const MESSAGES = {
  release: { name: 'release', description: 'Ends the lease: the cluster is deleted, and what it cost is booked.' },
  extend: {
    name: 'extend',
    description:
      'Lets the lease end later: {"untilMs": <ms since the epoch>, "who": "..."}. The money is held first, or it is refused.',
  },
  hint: {
    name: 'hint',
    description: 'From the monitor: the cluster looks different from what is recorded. One look confirms it or not.',
  },
  status: { name: 'status', description: 'Where the request is, its creation, and how long it has.' },
} as const;

/** Arguments of the signal `release`. */
export interface ReleaseSignal {
  readonly who: string;
  readonly why: string;
}

/** Arguments of the update `extend`. */
export interface ExtendUpdate {
  readonly untilMs: number;
  readonly who: string;
}

/** Arguments of the signal `hint`. */
export interface HintSignal {
  /** The creation's; null where nothing that it waits for is active any more: it has to look what stands. */
  readonly key: string | null;
  readonly seen: ObservedState | 'closing';
}

/** Answer of the query `status`. */
export interface RequestStatus {
  readonly requestId: string;
  readonly phase: Phase;
  readonly creation: Creation | null;
  /** When the creation must be ready, ms since the epoch. */
  readonly readyDeadlineMs: number | null;
  readonly placementIndex: number;
  readonly placements: number;
  /** What it compensates for, or failed with. */
  readonly failure: Failure | null;
  /** Placements that did not give a cluster, in the order they were tried. */
  readonly skipped: readonly SkippedPlacement[];
  /** What this run did, oldest first. */
  readonly timeline: readonly TimelineEntry[];
}
