/** The package's exports: the library, its errors, and the types of its inputs and outputs. */
export { connectClient, type TemporalTarget } from '../platform/connection.ts';
export { createMuster, type ClusterFilter, type Muster, type MusterOptions } from './muster.ts';
export {
  InvalidRequestError,
  MusterError,
  NotFoundError,
  OperationFailedError,
  OrderRefusedError,
  RequestCancelledError,
  RequestConflictError,
  RequestFailedError,
  UnknownPriceError,
  UnreachableError,
  type ErrorKind,
} from './errors.ts';
export { InvalidBudgetError, type BudgetOperations } from './budgets.ts';
export { InvalidFilterError, type ListFilter } from './list-query.ts';
export type { Audits } from './audits.ts';
export type { ListedRequest, RequestList } from './list.ts';
export type { OrderOptions, RequestOrders } from './orders.ts';
export type { Submitted, SubmitOptions } from './submit.ts';
export type { NextStep, RequestReport, RequestView } from './views.ts';
export type { Budget, Budgets, Journal, JournalQuery } from '../contracts/budgets.ts';
export type { ClusterAccess, ProvisionedCluster, Receipt } from '../contracts/cluster.ts';
export type { Creation } from '../contracts/creation.ts';
export type { FailureType } from '../contracts/failures.ts';
export type { Audit, Finding, RegionAudits } from '../contracts/findings.ts';
export type { Check, DryRun, Location } from '../contracts/health.ts';
export type { CancelResult, ExtendResult, ReleaseResult } from '../contracts/operations.ts';
export type { ClusterList } from '../contracts/reports.ts';
export type { ProvisioningRequestInput as ProvisioningRequest } from '../contracts/request.ts';
