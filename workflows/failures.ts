import { TimeoutFailure, TimeoutType } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { isFailureType, type Failure } from '../contracts/failures.ts';

/** A step's failure as data. What is not on the closed list is Unknown; a cancellation is none and is thrown on. */
export function failureOf(error: unknown): Failure {
  if (isCancellation(error)) throw error;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    return { type: isFailureType(cause.type) ? cause.type : 'Unknown', message: cause.message };
  }
  return { type: 'Unknown', message: cause instanceof Error ? cause.message : String(cause) };
}

/** How a request fails: with the deciding type, and its receipt as details. */
export const asApplicationFailure = (failure: Failure, ...details: unknown[]): ApplicationFailure =>
  ApplicationFailure.create({ type: failure.type, message: failure.message, nonRetryable: true, details });

/** Whether a step was taken up by nobody in time: there is no worker for it. */
export const isNotTaken = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START;
