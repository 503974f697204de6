import type { CommonActivities, LedgerActivities } from './activities.ts';
import type { Budget, BudgetOrder, Budgets, Journal, JournalQuery } from './budgets.ts';
import type { Creation } from './creation.ts';
import type { Audit, RegionAudits } from './findings.ts';
import type { Check, DryRun, Location } from './health.ts';
import { OPERATION_TIMEOUT_MS, REGION_AUDIT_TIMEOUT_MS } from './limits.ts';
import type { ClusterList, ClusterQuery, RequestRecord, Trace } from './reports.ts';

/*
 * What clients ask for besides requests. Clients hold no credentials of the ledger, so each operation is a short workflow
 * whose steps run on the workers of the ledger. Zod-free: workflows import this file.
 */

/** The declaration of an operation. `Input` and `Output` exist for the compiler only. */
export interface Operation<Input = never, Output = unknown> {
  /** A read changes nothing, and expires after its caller stopped waiting. An order takes effect as soon as workers run. */
  readonly kind: 'read' | 'order';
  /** How long its caller waits for the answer, ms. */
  readonly timeoutMs: number;
  /** Whether it runs only once under its order id, because a second run would change something again. */
  readonly runsOnce: boolean;
  readonly types?: (input: Input) => Output;
}

/** An operation that is a single activity: the workflow `runOperation` serves it. */
export interface ActivityOperation<Input = never, Output = unknown> extends Operation<Input, Output> {
  readonly queue: keyof ActivityQueues;
  readonly activity: string;
}

/** Queues whose activities may be operations. */
export interface ActivityQueues {
  readonly common: CommonActivities;
  readonly ledger: LedgerActivities;
}

/** A queue with the name of an activity there that takes `Input` and answers `Output`. */
type ActivityAt<Input, Output> = {
  readonly [Queue in keyof ActivityQueues]: {
    readonly [Name in Queue]: ActivityOf<ActivityQueues[Queue], Input, Output>;
  };
}[keyof ActivityQueues];

type ActivityOf<Activities, Input, Output> = {
  readonly [Name in keyof Activities]: Activities[Name] extends (input: Input) => Promise<Output> ? Name : never;
}[keyof Activities];

type Options = Partial<Pick<Operation, 'timeoutMs' | 'runsOnce'>>;

/** Declares an operation that is one activity. Another type than the activity's does not compile. */
const byActivity = <Input, Output>(
  kind: Operation['kind'],
  at: ActivityAt<Input, Output>,
  options: Options = {},
): ActivityOperation<Input, Output> => {
  const [[queue, activity]] = Object.entries(at) as [[keyof ActivityQueues, string]];
  return { ...byWorkflow<Input, Output>(kind, options), queue, activity };
};

/** Declares an operation of several steps: the workflow with its name carries them out. */
const byWorkflow = <Input, Output>(
  kind: Operation['kind'],
  { timeoutMs = OPERATION_TIMEOUT_MS, runsOnce = false }: Options = {},
): Operation<Input, Output> => ({ kind, timeoutMs, runsOnce });

/** Locations to audit; null for all that the ledger has creations in. */
export interface AuditedLocations {
  readonly locations: readonly Location[] | null;
}

/**
 * Every operation of clients. A refused order fails with InvalidRequest or BudgetExceeded and has changed nothing; a read of
 * what does not exist fails with InvalidRequest.
 */
export const OPERATIONS = {
  /** Ends a request that is not ready. Refused once it is ready. */
  cancelRequest: byWorkflow<RequestOrder, CancelResult>('order'),
  /** Deletes the ready cluster of a request and books its cost. Refused when there is none. */
  releaseRequest: byWorkflow<RequestOrder, ReleaseResult>('order'),
  /** Lets the ready cluster of a request live longer. Refused when there is none, its lease has no end, or the budget has no room. */
  extendRequest: byWorkflow<ExtendOrder, ExtendResult>('order', { runsOnce: true }),
  /** What the ledger knows of a request, also when no run of it is left; null for an id that it has never seen. */
  readRecord: byActivity<{ readonly requestId: string }, RequestRecord | null>('read', { ledger: 'readRecord' }),

  /** Clusters that are leased or being released. */
  listClusters: byActivity<ClusterQuery, ClusterList>('read', { ledger: 'listClusters' }),

  /** A team's limit and balances. Fails for a team without a budget. */
  readBudget: byActivity<{ readonly team: string }, Budget>('read', { ledger: 'readBudget' }),
  listBudgets: byActivity<undefined, Budgets>('read', { ledger: 'listBudgets' }),
  /** Lines of a team's journal, newest first. Fails for a team without a budget. */
  readJournal: byActivity<JournalQuery, Journal>('read', { ledger: 'readJournal' }),
  /** Sets a team's limit. What is held or spent already stays; a lower limit only stops new holds. */
  setBudget: byActivity<BudgetOrder, Budget>('order', { ledger: 'setBudget' }),

  /** Every disagreement inside the ledger, a sentence each. */
  auditLedger: byActivity<undefined, readonly string[]>('read', { ledger: 'auditLedger' }),
  /** Compares provider regions with the ledger and Temporal. */
  auditRegions: byWorkflow<AuditedLocations, RegionAudits>('read', { timeoutMs: REGION_AUDIT_TIMEOUT_MS }),
  /** Every disagreement inside the ledger, between it and Temporal, and with each provider. */
  auditAll: byWorkflow<AuditedLocations, Audit>('read', { timeoutMs: REGION_AUDIT_TIMEOUT_MS }),
  /** What Temporal still knows of a cluster that the ledger does not; null when it knows nothing. */
  traceCluster: byActivity<{ readonly key: string; readonly clusterId: string }, Trace | null>('read', {
    ledger: 'traceCluster',
  }),
  /** Writes a creation's row again. Refused when the ledger has it, or has another in its place. */
  restoreCreation: byActivity<Trace, Creation>('order', { ledger: 'restoreCreation' }),

  /** Has the workers of these locations, and the ledger's, check what they need. */
  checkHealth: byWorkflow<{ readonly locations: readonly Location[] }, readonly Check[]>('read'),
  /** Plans a request and checks its budget and providers. Fails with InvalidRequest or UnknownPrice. */
  dryRun: byWorkflow<unknown, DryRun>('read'),
} as const;

/** Names of operations. */
export type OperationName = keyof typeof OPERATIONS;

type TypesOf<Name extends OperationName> =
  (typeof OPERATIONS)[Name] extends Operation<infer Input, infer Output> ? { input: Input; output: Output } : never;

/** What an operation takes. */
export type OperationInput<Name extends OperationName> = TypesOf<Name>['input'];

/** What an operation answers. */
export type OperationOutput<Name extends OperationName> = TypesOf<Name>['output'];

/** Operations that are a single activity. */
export type ActivityOperationName = {
  [Name in OperationName]: (typeof OPERATIONS)[Name] extends ActivityOperation ? Name : never;
}[OperationName];

/** Workflows of operations, with their types: one of each operation that has several steps, and one of all the others. */
export type OperationWorkflows = {
  [Name in Exclude<OperationName, ActivityOperationName>]: (
    input: OperationInput<Name>,
  ) => Promise<OperationOutput<Name>>;
} & {
  runOperation: (call: OperationCall) => Promise<OperationOutput<ActivityOperationName>>;
};

/** A call of an operation that is a single activity. */
export type OperationCall = {
  [Name in ActivityOperationName]: { readonly operation: Name; readonly input: OperationInput<Name> };
}[ActivityOperationName];

/** An order about a request. */
export interface RequestOrder {
  readonly requestId: string;
  /** Names this order: the same id twice is one order. */
  readonly orderId: string;
  readonly who: string;
  readonly why: string;
}

/** An order to extend a lease. */
export interface ExtendOrder extends RequestOrder {
  /** The new end, ms since the epoch; or by how much later than the present end, ms. */
  readonly end: { readonly untilMs: number } | { readonly byMs: number };
}

/** What came of a cancel. */
export interface CancelResult {
  /**
   * cancelling: the request's workflow deletes what it created; cleaning: no workflow ran, a cleanup deletes it; recorded:
   * there is nothing to delete, and nothing will be created.
   */
  readonly outcome: 'cancelling' | 'cleaning' | 'recorded';
  readonly creation: Creation | null;
}

/** What came of a release. */
export interface ReleaseResult {
  /** releasing: the lease deletes the cluster; released: it is gone already. */
  readonly outcome: 'releasing' | 'released';
  readonly creation: Creation;
}

/** What came of an extension: the creation with the new end of its lease. */
export interface ExtendResult {
  readonly outcome: 'extended';
  readonly creation: Creation;
}
