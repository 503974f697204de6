import { TimeoutFailure, TimeoutType } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { isFailureType, type Failure } from '../contracts/failures.ts';

/** A step's failure as data. A type that is not on the list becomes Unknown. A cancellation is thrown again. */
export function failureOf(error: unknown): Failure {
  if (isCancellation(error)) throw error;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return { type: isFailureType(cause.type) ? cause.type : 'Unknown', message: cause.message };
  }
  return { type: 'Unknown', message: cause instanceof Error ? cause.message : String(cause) };
}

/** A failure that ends a workflow. Details, such as a receipt, go with it. */
export const asApplicationFailure = (failure: Failure, ...details: unknown[]): ApplicationFailure =>
  ApplicationFailure.create({ type: failure.type, message: failure.message, nonRetryable: true, details });

/** Whether a step failed because no worker started it in time. */
export const hasNoWorker = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START;
