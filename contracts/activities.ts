import type { Budget, BudgetOrder } from './budgets.ts';
import type { ClusterAccess } from './cluster.ts';
import type { Answer, AnswerWithReceipt, Condition, Creation, LedgerOutcomes } from './creation.ts';
import type { ClosingReason, Failure } from './failures.ts';
import type { RegionAudit, MonitorReport } from './findings.ts';
import type { Check } from './health.ts';
import type { Plan, PlannedPlacement } from './plan.ts';
import type { LedgerReports, Trace } from './reports.ts';

/** Steps without credentials, on the `common` queue. */
export interface CommonActivities {
  /** Parses and prices a request. Fails with InvalidRequest or UnknownPrice, both final. */
  plan(input: unknown): Promise<Plan>;
}

/** Steps at the ledger, on the `ledger` queue. Each is idempotent, and its answer shows the state after it. */
export interface LedgerActivities extends LedgerReports {
  /** Holds budget and opens the next creation; answers with the active one where there is one. Fails with RequestConflict. */
  openCreation(input: {
    readonly requestId: string;
    readonly bodyHash: string;
    readonly team: string;
    readonly owner: string;
    readonly version: number;
    readonly placement: PlannedPlacement;
  }): Promise<Answer<LedgerOutcomes['openCreation']>>;
  /** Ends a creation that the provider definitely refused, and frees its hold. */
  refuse(input: {
    readonly key: string;
    readonly attempt: string;
    readonly failure: Failure;
  }): Promise<Answer<LedgerOutcomes['refuse']>>;
  /** Closes a creation: its key never creates again. `caller` is the workflow that closes it. */
  beginClosing(input: {
    readonly key: string;
    readonly caller: string;
    readonly epoch: number;
    readonly why: ClosingReason;
    readonly message: string;
  }): Promise<Answer<LedgerOutcomes['beginClosing']>>;
  /** Books the cost of a creation that is proven absent, and frees its hold. */
  settle(input: { readonly key: string; readonly proof: AbsenceProof }): Promise<Answer<LedgerOutcomes['settle']>>;
  /** Leases the creation, the point of no return, and starts the workflow of its lease. */
  lease(input: {
    readonly key: string;
    readonly requestId: string;
    readonly number: number;
    readonly clusterId: string;
  }): Promise<AnswerWithReceipt<LedgerOutcomes['lease']>>;
  /** Ends a request that has no active creation. */
  endRequest(input: {
    readonly requestId: string;
    readonly outcome: 'failed' | 'cancelled';
  }): Promise<AnswerWithReceipt<LedgerOutcomes['endRequest']>>;
  /** Records a cancel, which counts for every later run too. `cancelId` names it: the same id twice is one cancel. */
  recordCancel(input: {
    readonly requestId: string;
    readonly cancelId: string;
    readonly who: string;
    readonly why: string;
  }): Promise<Answer<LedgerOutcomes['recordCancel']>>;
  /** The state of a request, with its receipt. */
  readRequest(input: { readonly requestId: string }): Promise<AnswerWithReceipt<LedgerOutcomes['readRequest']>>;
  /** One creation with its whole terms; null for a key that the ledger does not know. */
  readCreation(input: { readonly key: string }): Promise<Creation | null>;
  /** Cancels the request's workflow; false where none runs. */
  cancelWorkflow(input: { readonly requestId: string }): Promise<boolean>;
  /** Starts `cleanup/<key>` for a creation, unless it runs already. */
  startCleanup(input: { readonly creation: Creation }): Promise<void>;
  /** Orders the lease to release. A lease that does not run is started first. */
  releaseLease(input: {
    readonly creation: Creation;
    readonly who: string;
    readonly why: string;
    /** Names the order: the same id twice is one order. */
    readonly orderId: string;
  }): Promise<void>;
  /** Orders the lease to end later. Fails with BudgetExceeded, or with InvalidRequest where it cannot be extended. */
  extendLease(input: {
    readonly creation: Creation;
    readonly untilMs: number;
    readonly orderId: string;
    readonly who: string;
  }): Promise<Creation>;
  /** Holds the money of a lease up to a time, by its present price, and moves its funded end there. */
  extendHold(input: {
    readonly key: string;
    readonly untilMs: number;
    readonly who: string;
  }): Promise<Answer<LedgerOutcomes['extendHold']>>;
  /** Lets the request of a released creation open another one, and starts its workflow again. */
  reprovision(input: { readonly creation: Creation }): Promise<Answer<LedgerOutcomes['reprovision']>>;
  /** A sentence for each lease and each cleanup that runs and owns nothing. */
  auditOwners(): Promise<readonly string[]>;
  /** What Temporal's histories contain about a creation and its cluster; null where they contain nothing. */
  traceCluster(input: { readonly key: string; readonly clusterId: string }): Promise<Trace | null>;
  /** Writes the lost row of a creation again. Fails with InvalidRequest where the ledger has it, or another in its place. */
  restoreCreation(input: Trace): Promise<Creation>;
  /** Sets a team's limit, and answers with its budget. */
  setBudget(input: BudgetOrder): Promise<Budget>;
  /** A sentence for each disagreement inside the ledger. */
  auditLedger(): Promise<readonly string[]>;
  /** Checks the ledger itself: schema, clock, books. Changes nothing. */
  checkLedger(): Promise<readonly Check[]>;
}

/** What came of sending a create. */
export type CreateOutcome =
  /** The cluster exists, or an earlier send already made it. */
  | {
      readonly kind: 'created';
      readonly clusterId: string;
      /** The price that the creation is settled by, micro-dollars an hour: the planned one, or a higher billed one. */
      readonly hourlyMicros: number;
      /** How long to wait for a hint before the first check without one, ms. */
      readonly fallbackMs: number;
    }
  /** This send definitely made nothing. */
  | { readonly kind: 'refused'; readonly attempt: string; readonly failure: Failure }
  /** The ledger no longer lets this key create: read it again. */
  | { readonly kind: 'closed' };

/** A proof that nothing lives under a key. */
export interface AbsenceProof {
  /** How many sends had been claimed when the proof began. The ledger refuses the proof after another claim. */
  readonly claims: number;
  /** When the last cluster was found gone, ms since the epoch by the ledger's clock. */
  readonly goneAtMs: number;
}

/** Whether a cluster that a request waits for can be used. */
export type Readiness =
  | { readonly kind: 'ready'; readonly access: ClusterAccess }
  /** `fallbackMs`: how long to wait for a hint before the next check without one. */
  | { readonly kind: 'not-ready'; readonly detail: string; readonly fallbackMs: number };

/** What an inspection of a leased cluster found. */
export interface Inspection {
  /** The confirmed and recorded condition; `closing` when the row is no longer leased. */
  readonly condition: Condition | 'closing';
  /** The provider's own words. */
  readonly detail: string;
  /** How long to wait for a hint before the next inspection without one, ms. */
  readonly fallbackMs: number;
}

/** Steps at a provider, on that provider's own queue. Each reads the creation's row in the ledger before it acts. */
export interface ProviderActivities {
  /** Looks for the key, claims the right to send, and sends the create. Retried until the workflow's own deadline. */
  createCluster(input: { readonly key: string }): Promise<CreateOutcome>;
  /** Checks once, without waiting. Fails with ClusterFailed when the cluster will never be ready. */
  checkReadiness(input: { readonly key: string; readonly clusterId: string }): Promise<Readiness>;
  /** Checks a leased cluster once, and records its condition when it has changed. */
  inspectCluster(input: { readonly key: string; readonly clusterId: string }): Promise<Inspection>;
  /** Moves the provider's own expiry of a leased cluster past the lease's funded end. Does nothing without an expiry. */
  moveExpiry(input: { readonly key: string; readonly clusterId: string }): Promise<void>;
  /** Deletes whatever lives under a closing key. Fails with NotReady until absence is proven. */
  makeAbsent(input: { readonly key: string }): Promise<AbsenceProof>;
  /** Deletes one late cluster of a key. Fails with NotReady until it is gone. */
  removeLateCluster(input: { readonly key: string; readonly clusterId: string }): Promise<void>;
  /** Compares a region with the ledger and with Temporal. Changes nothing. */
  auditRegion(input: { readonly region: string }): Promise<RegionAudit>;
  /** Checks credentials, reachability and the rights to read, in a region. Changes nothing. */
  checkProvider(input: { readonly region: string }): Promise<readonly Check[]>;
}

/** Steps of a monitor, on its provider's monitor queue. */
export interface MonitorActivities {
  /** Sweeps a region repeatedly, for MONITOR_RUN_MS or until its worker stops. Heartbeats a MonitorReport. */
  monitor(input: { readonly region: string }): Promise<MonitorReport>;
}
