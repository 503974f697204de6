/**
 * All failure types, and what follows each. `ApplicationFailure.type` is always one of them. Workflows decide by the type,
 * never by the message.
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
  StaleClaim: 'retry',
  CreationClosed: 'read-ledger',
} as const;

/** The type of a failure. It names a condition. */
export type FailureType = keyof typeof WHAT_FOLLOWS;

/** Every failure type. */
export const FAILURE_TYPES = Object.keys(WHAT_FOLLOWS) as readonly FailureType[];

/**
 * What follows a failure. `final` ends the request. `next-placement` closes the creation; the request's policy then decides.
 * `park` is for what people must repair first: today it ends the creation and fails the request. `retry` repeats the same step.
 * `read-ledger` reads the ledger and continues from its state.
 */
export type WhatFollows = (typeof WHAT_FOLLOWS)[FailureType];

/** What follows a failure of this type. */
export function whatFollows(type: FailureType): WhatFollows {
  return WHAT_FOLLOWS[type];
}

/** Whether a text, such as the type of a received failure, is one of the types. */
export function isFailureType(type: string | null | undefined): type is FailureType {
  return type != null && Object.hasOwn(WHAT_FOLLOWS, type);
}

/** A failure as data: its type, and a sentence for people without secrets. */
export interface Failure {
  readonly type: FailureType;
  readonly message: string;
}

/** Why a creation was closed: a failure, or another reason. A lease's policy can end it as `Unfunded` or `Broken`. */
export type ClosingReason = FailureType | 'Cancelled' | 'Orphaned' | 'Released' | 'LeaseEnded' | 'Unfunded' | 'Broken';
