import {
  ApplicationFailure,
  CancelledFailure,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowFailedError,
} from '@temporalio/client';
import type { Receipt } from '../contracts/cluster.ts';
import { isFailureType } from '../contracts/failures.ts';
import { MusterError, RequestCancelledError, RequestFailedError } from './errors.ts';

/** The error for the failure of a request's run. */
export function requestError(requestId: string, error: WorkflowFailedError): MusterError {
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    const type = isFailureType(cause.type) ? cause.type : 'Unknown';
    return new RequestFailedError(type, cause.message, (cause.details?.[0] as Receipt | undefined) ?? null, requestId);
  }
  if (cause instanceof CancelledFailure) {
    return new RequestCancelledError(
      'failed',
      `request "${requestId}" was cancelled; all that it created is deleted`,
      'A new request needs a new id.',
    );
  }
  if (cause instanceof TerminatedFailure || cause instanceof TimeoutFailure) {
    return new RequestCancelledError(
      'failed',
      `the workflow of request "${requestId}" was terminated; what it created may still exist`,
      'Submit it again to continue it, or cancel it.',
      { next: `muster describe ${requestId}` },
    );
  }
  return new RequestFailedError('Unknown', error.message, null, requestId);
}
