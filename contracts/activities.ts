import type { ClusterAccess } from './cluster.ts';
import type { Answer, Creation, LedgerOutcomes } from './creation.ts';
import type { ClosingReason, Failure } from './failures.ts';
import type { Check } from './health.ts';
import type { Plan, PlannedPlacement } from './plan.ts';
import type { Journal, JournalOrder, LedgerRequest } from './reports.ts';

/** Steps without credentials, on the `common` queue. */
export interface CommonActivities {
  /** Parses and prices a request. Fails with InvalidRequest or UnknownPrice, both final. */
  plan(input: unknown): Promise<Plan>;
}

/** Steps that change the ledger, on the `ledger` queue. Each is idempotent and answers what then stands. */
export interface LedgerActivities {
  openCreation(input: {
    readonly requestId: string;
    readonly bodyHash: string;
    readonly team: string;
    readonly owner: string;
    readonly turn: number;
    readonly placement: PlannedPlacement;
  }): Promise<Answer<LedgerOutcomes['openCreation']>>;
  refuse(input: {
    readonly key: string;
    readonly attempt: string;
    readonly failure: Failure;
  }): Promise<Answer<LedgerOutcomes['refuse']>>;
  beginClosing(input: {
    readonly key: string;
    readonly caller: string;
    readonly epoch: number;
    readonly why: ClosingReason;
    readonly message: string;
  }): Promise<Answer<LedgerOutcomes['beginClosing']>>;
  settle(input: { readonly key: string; readonly proof: AbsenceProof }): Promise<Answer<LedgerOutcomes['settle']>>;
  /** The point of no return; starts the lease's workflow too. */
  lease(input: {
    readonly key: string;
    readonly requestId: string;
    readonly number: number;
    readonly clusterId: string;
  }): Promise<Answer<LedgerOutcomes['lease']>>;
  endRequest(input: {
    readonly requestId: string;
    readonly outcome: 'failed' | 'cancelled';
  }): Promise<Answer<LedgerOutcomes['endRequest']>>;
  recordCancel(input: {
    readonly requestId: string;
    readonly cancelId: string;
    readonly who: string;
    readonly why: string;
  }): Promise<Answer<LedgerOutcomes['recordCancel']>>;
  standing(input: { readonly requestId: string }): Promise<Answer<LedgerOutcomes['standing']>>;
  /** Asks Temporal to cancel the request's workflow; false where none runs. */
  cancelWorkflow(input: { readonly requestId: string }): Promise<boolean>;
  /** Starts `cleanup/<key>` for a creation; joins one that runs. */
  startCleanup(input: { readonly creation: Creation }): Promise<void>;
  /** Tells the lease to release, starting it again if nobody runs it. */
  releaseLease(input: { readonly creation: Creation; readonly who: string; readonly why: string }): Promise<void>;
  setBudget(input: BudgetOrder): Promise<Budget>;
  budget(input: { readonly team: string }): Promise<Budget>;
  audit(): Promise<readonly string[]>;
  /** All that the ledger knows of a request; null for an id that it never heard of. */
  requestReport(input: { readonly requestId: string }): Promise<LedgerRequest | null>;
  budgets(): Promise<Budgets>;
  /** Fails with InvalidRequest for a team without a budget. */
  journal(input: JournalOrder): Promise<Journal>;
  /** Looks at the ledger itself: schema, clock, books. Changes nothing. */
  checkLedger(): Promise<readonly Check[]>;
}

/** Sets a team's limit, micro-dollars, for all time or a month in UTC. */
export interface BudgetOrder {
  readonly team: string;
  readonly period: 'total' | 'month';
  readonly limitMicros: number;
  readonly who: string;
}

/** A team's limit and its balances, newest period first; micro-dollars. */
export interface Budget {
  readonly team: string;
  readonly period: 'total' | 'month';
  readonly limitMicros: number;
  readonly balances: readonly { readonly period: string; readonly heldMicros: number; readonly spentMicros: number }[];
}

/** Every team's budget by name: balances of the present period, and of others that still hold money. */
export interface Budgets {
  readonly budgets: readonly Budget[];
  /** Whether there are more teams than MAX_BUDGETS. */
  readonly more: boolean;
}

/** What came of sending a create. */
export type CreateOutcome =
  /** `hourlyMicros`: what the provider bills, micro-dollars an hour, where it tells. */
  | { readonly kind: 'created'; readonly clusterId: string; readonly hourlyMicros?: number }
  /** Definitely nothing was made by this send. */
  | { readonly kind: 'refused'; readonly attempt: string; readonly failure: Failure }
  /** The ledger no longer lets this key create: read it again. */
  | { readonly kind: 'closed' };

/** A proof that nothing lives under a key, and on how many sends it rests. */
export interface AbsenceProof {
  readonly claims: number;
  /** When the last cluster was seen gone, ms since the epoch by the ledger's clock. */
  readonly goneAtMs: number;
}

/** Steps at a provider, on that provider's own queue. They read what to do from the ledger's row of the key. */
export interface ProviderActivities {
  /** Look, claim, send. Retried until the workflow's own deadline. */
  createCluster(input: { readonly key: string }): Promise<CreateOutcome>;
  /** Fails with NotReady until the cluster is usable, with ClusterFailed when it never will be. */
  observe(input: { readonly key: string; readonly clusterId: string }): Promise<ClusterAccess>;
  /** Deletes whatever lives under a closing key; fails with NotReady until absence is proven. */
  makeAbsent(input: { readonly key: string }): Promise<AbsenceProof>;
  /** Looks at credentials, reachability and the rights to read, in a region. Changes nothing. */
  checkProvider(input: { readonly region: string }): Promise<readonly Check[]>;
}
