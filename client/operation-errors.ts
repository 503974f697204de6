import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { isFailureType, type FailureType } from '../contracts/failures.ts';
import type { OperationName } from '../contracts/operations.ts';
import {
  InvalidRequestError,
  NotFoundError,
  OperationFailedError,
  OrderRefusedError,
  UnknownPriceError,
  type MusterError,
} from './errors.ts';

/** A failed operation. */
interface FailedOperation {
  /** What it was about, such as a request's id. */
  readonly subject: string;
  /** The failure's sentence. */
  readonly message: string;
  readonly cause: unknown;
}

type ErrorOf = (failed: FailedOperation) => MusterError;

/** What failures of an operation mean to its caller, by their type. All others become OperationFailedError. */
const ERRORS: Partial<Record<OperationName, Partial<Record<FailureType, ErrorOf>>>> = {
  cancelRequest: {
    InvalidRequest: ({ subject, message, cause }) =>
      new OrderRefusedError('invalid', message, 'A release deletes the cluster and books what it cost.', {
        cause,
        next: `muster release ${subject}`,
      }),
  },
  releaseRequest: {
    InvalidRequest: ({ subject, message, cause }) =>
      new OrderRefusedError('invalid', message, 'See its state. While it is not ready, use cancel.', {
        cause,
        next: `muster describe ${subject}`,
      }),
  },
  extendRequest: {
    InvalidRequest: ({ subject, message, cause }) =>
      new OrderRefusedError(
        'invalid',
        `request "${subject}" is not extended: ${message}`,
        'See its state and its end.',
        {
          cause,
          next: `muster describe ${subject}`,
        },
      ),
    BudgetExceeded: ({ subject, message, cause }) =>
      new OrderRefusedError(
        'invalid',
        `request "${subject}" is not extended: ${message}`,
        "Extend it by less, or raise its team's limit.",
        { cause, next: 'muster budget show' },
      ),
  },
  readBudget: { InvalidRequest: teamWithoutBudget },
  readJournal: { InvalidRequest: teamWithoutBudget },
  restoreCreation: {
    InvalidRequest: ({ subject, message, cause }) =>
      new OrderRefusedError('invalid', `${subject} is not restored: ${message}`, 'The ledger decides: see its rows.', {
        cause,
        next: 'muster audit',
      }),
  },
  dryRun: {
    InvalidRequest: ({ message }) => new InvalidRequestError([{ path: 'request', message }]),
    UnknownPrice: ({ message, cause }) =>
      new UnknownPriceError('invalid', message, 'State hourlyPriceMicros in that placement.', { cause }),
  },
};

function teamWithoutBudget({ subject, cause }: FailedOperation): NotFoundError {
  return new NotFoundError('invalid', `team "${subject}" has no budget`, 'Set one, here of 1000 USD.', {
    cause,
    next: `muster budget set ${subject} --limit 1000`,
  });
}

/** The error for the caller of an operation that failed; an error that is not an operation's failure stays as it is. */
export function operationError(operation: OperationName, subject: string, error: unknown): unknown {
  if (!(error instanceof WorkflowFailedError)) return error;
  const failure = error.cause instanceof ApplicationFailure ? error.cause : undefined;
  const type = isFailureType(failure?.type) ? failure.type : 'Unknown';
  const failed = { subject, message: failure?.message ?? error.message, cause: error };
  return ERRORS[operation]?.[type]?.(failed) ?? new OperationFailedError(operation, type, failed.message, error);
}
