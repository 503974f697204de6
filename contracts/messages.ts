import type { Budget, BudgetOrder, Budgets } from './activities.ts';
import type { PassedOver, ProvisionedCluster, TimelineEntry } from './cluster.ts';
import type { Creation } from './creation.ts';
import type { Failure } from './failures.ts';
import type { Check, DryRun, Place } from './health.ts';
import type { Phase } from './phases.ts';
import type { Journal, JournalOrder, LedgerRequest } from './reports.ts';

/** Workflow types and their inputs. */
export interface Workflows {
  provisionCluster(request: unknown): Promise<ProvisionedCluster>;
  leaseCluster(input: { readonly creation: Creation }): Promise<Creation>;
  cleanupCreation(input: { readonly creation: Creation }): Promise<Creation>;
  cancelRequest(order: Order): Promise<CancelReply>;
  releaseRequest(order: Order): Promise<ReleaseReply>;
  setBudget(order: BudgetOrder): Promise<Budget>;
  showBudget(order: { readonly team: string }): Promise<Budget>;
  listBudgets(): Promise<Budgets>;
  showJournal(order: JournalOrder): Promise<Journal>;
  describeRequest(input: { readonly requestId: string }): Promise<LedgerRequest | null>;
  auditLedger(): Promise<readonly string[]>;
  checkHealth(input: { readonly places: readonly Place[] }): Promise<readonly Check[]>;
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
  status: { name: 'status', description: 'Where the request is, its creation, and how long it has.' },
} as const;

/** Arguments of the signal `release`. */
export interface ReleaseSignal {
  readonly who: string;
  readonly why: string;
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
  readonly passedOver: readonly PassedOver[];
  /** What this run did, oldest first. */
  readonly timeline: readonly TimelineEntry[];
}
