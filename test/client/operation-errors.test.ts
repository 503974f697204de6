import { ApplicationFailure, TerminatedFailure, WorkflowFailedError } from '@temporalio/client';
import { RetryState } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { OperationFailedError } from '../../client/errors.ts';
import { operationError } from '../../client/operation-errors.ts';
import type { FailureType } from '../../contracts/failures.ts';
import type { OperationName } from '../../contracts/operations.ts';

const failedWith = (cause: Error): WorkflowFailedError =>
  new WorkflowFailedError('Workflow execution failed', cause, RetryState.NON_RETRYABLE_FAILURE);

const failed = (type: FailureType): WorkflowFailedError =>
  failedWith(ApplicationFailure.nonRetryable('the reason', type));

describe('the error of an operation that failed', () => {
  it.each<[OperationName, FailureType, string, string, string]>([
    ['cancelRequest', 'InvalidRequest', 'OrderRefusedError', 'the reason', 'muster release it'],
    ['releaseRequest', 'InvalidRequest', 'OrderRefusedError', 'the reason', 'muster describe it'],
    ['extendRequest', 'InvalidRequest', 'OrderRefusedError', 'not extended: the reason', 'muster describe it'],
    ['extendRequest', 'BudgetExceeded', 'OrderRefusedError', 'not extended: the reason', 'muster budget show'],
    ['readBudget', 'InvalidRequest', 'NotFoundError', 'team "it" has no budget', 'muster budget set it --limit 1000'],
    ['readJournal', 'InvalidRequest', 'NotFoundError', 'team "it" has no budget', 'muster budget set it --limit 1000'],
    ['restoreCreation', 'InvalidRequest', 'OrderRefusedError', 'not restored: the reason', 'muster audit'],
  ])('%s with %s is a %s that says what to do', (operation, type, name, message, next) => {
    expect(operationError(operation, 'it', failed(type))).toMatchObject({
      ...{ name, kind: 'invalid', next },
      message: expect.stringContaining(message) as string,
    });
  });

  it('of a dry run is the error of the faulty request', () => {
    expect(operationError('dryRun', 'it', failed('InvalidRequest'))).toMatchObject({
      name: 'InvalidRequestError',
      faults: [{ path: 'request', message: 'the reason' }],
    });
    expect(operationError('dryRun', 'it', failed('UnknownPrice'))).toMatchObject({ name: 'UnknownPriceError' });
  });

  it('that is not a refusal names the operation and the failure', () => {
    const error = operationError('listBudgets', 'teams', failed('Unauthorized'));
    expect(error).toBeInstanceOf(OperationFailedError);
    expect(error).toMatchObject({
      ...{ kind: 'failed', type: 'Unauthorized' },
      message: 'listBudgets failed: Unauthorized: the reason',
    });
    const terminated = failedWith(new TerminatedFailure('terminated'));
    expect(operationError('cancelRequest', 'it', terminated)).toMatchObject({
      ...{ name: 'OperationFailedError', type: 'Unknown', cause: terminated },
    });
  });

  it('leaves every other error as it is', () => {
    const error = new Error('no connection');
    expect(operationError('readBudget', 'it', error)).toBe(error);
  });
});
