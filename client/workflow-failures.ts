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

/** What a closed run's failure means. */
export function failureOfRun(requestId: string, error: WorkflowFailedError): MusterError {
  const { cause } = error;
  if (cause instanceof ApplicationFailure) {
    const type = isFailureType(cause.type) ? cause.type : 'Unknown';
    return new RequestFailedError(type, cause.message, (cause.details?.[0] as Receipt | undefined) ?? null, requestId);
  }
  if (cause instanceof CancelledFailure) {
    return new RequestCancelledError(
      'failed',
      `request "${requestId}" was cancelled; nothing of it is left`,
      'A new request needs a new id.',
    );
  }
  if (cause instanceof TerminatedFailure || cause instanceof TimeoutFailure) {
    return new RequestCancelledError(
      'failed',
      `the workflow of request "${requestId}" was terminated; what it made may still stand`,
      'Submit it again to go on where it stood, or cancel it.',
      { next: `muster describe ${requestId}` },
    );
  }
  return new RequestFailedError('Unknown', error.message, null, requestId);
}
