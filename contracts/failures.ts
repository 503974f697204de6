/**
 * The closed list of failure types, and what follows each. `ApplicationFailure.type` is always one of these;
 * workflows decide by type, never by message text.
 */
const WHAT_FOLLOWS = {
  InvalidRequest: 'final',
  UnknownPrice: 'final',
  RequestConflict: 'final',
  BudgetExceeded: 'next-placement',
  QuotaExceeded: 'next-placement',
  InsufficientCapacity: 'next-placement',
  ProviderRejected: 'next-placement',
  ClusterFailed: 'next-placement',
  ReadinessDeadlineExceeded: 'next-placement',
  NameTaken: 'park',
  Unauthorized: 'park',
  Unknown: 'park',
  Throttled: 'retry',
  NotReady: 'retry',
  Unavailable: 'retry',
  Ambiguous: 'retry',
  CreationClosed: 'read-ledger',
  StaleClaim: 'read-ledger',
  StaleProof: 'read-ledger',
  NotRefusable: 'read-ledger',
} as const;

/** The type of a failure: names a condition. */
export type FailureType = keyof typeof WHAT_FOLLOWS;

/** Every failure type, for those who let people choose one. */
export const FAILURE_TYPES = Object.keys(WHAT_FOLLOWS) as readonly FailureType[];

/**
 * What a failure leads to: `final` ends the request; `next-placement` closes this creation and goes on by policy;
 * `park` waits for an operator (until parking exists: closes the creation and fails); `retry` tries the same step
 * again; `read-ledger` asks the ledger what stands now and follows it.
 */
export type WhatFollows = (typeof WHAT_FOLLOWS)[FailureType];

/** What follows a failure of this type. */
export function whatFollows(type: FailureType): WhatFollows {
  return WHAT_FOLLOWS[type];
}

/** Whether a string, say of a failure that came over the wire, is on the list. */
export function isFailureType(type: string | null | undefined): type is FailureType {
  return type != null && Object.hasOwn(WHAT_FOLLOWS, type);
}

/** A failure as data: its type and a sentence for people, free of secrets. */
export interface Failure {
  readonly type: FailureType;
  readonly message: string;
}

/**
 * Why a creation was closed: a failure, or a reason that is none: `Unfunded` and `Broken` are the ends of leases whose
 * policy says so.
 */
export type ClosingReason = FailureType | 'Cancelled' | 'Orphaned' | 'Released' | 'LeaseEnded' | 'Unfunded' | 'Broken';
