import { ApplicationFailure } from '@temporalio/common';
import pg from 'pg';
import { whatFollows, type FailureType } from '../contracts/failures.ts';
import { MAX_RETRY_AFTER_MS } from '../contracts/limits.ts';
import { ProviderError } from './providers/errors.ts';

/** Retried by Temporal: a failure that a later try of the same step may not meet. */
const isRetried = (type: FailureType): boolean => whatFollows(type) === 'retry' || type === 'StaleClaim';

/**
 * The one place that makes Temporal failures.
 * @param retryDelayMs how long the next attempt waits; without it the step's own backoff rules
 */
export function failure(type: FailureType, message: string, retryDelayMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !isRetried(type),
    ...(retryDelayMs === undefined ? {} : { nextRetryDelay: Math.ceil(retryDelayMs) }),
  });
}

/**
 * What a step towards a cluster throws: typed, whatever went wrong below it. What nobody foresaw is Unknown, which ends
 * the step: it neither loops for ever nor hides.
 */
export function toFailure(error: unknown): ApplicationFailure {
  return known(error) ?? failure('Unknown', textOf(error));
}

/** What a step that must not give up throws (the ledger's, compensations): only refusals that are final stay final. */
export function toRetryableFailure(error: unknown): ApplicationFailure {
  return known(error) ?? retried('Unknown', textOf(error));
}

/** What a compensation throws: everything is tried again, and its pending step shows why it waits. */
export function toEndlessRetryFailure(error: unknown): ApplicationFailure {
  const failed = toRetryableFailure(error);
  return failed.nonRetryable === true ? retried(failed.type ?? 'Unknown', failed.message) : failed;
}

const retried = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: false });

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

function known(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ProviderError) {
    const { retryAfterMs } = error;
    const delayMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    return failure(error.failureType, error.message, delayMs);
  }
  if (isLedgerFault(error)) return failure('Unavailable', `the ledger does not do its part: ${textOf(error)}`);
  return undefined;
}

/**
 * Whatever node-postgres reports, of the connection or of a statement: the step is tried again, since a ledger that is
 * down, locked or half migrated is mended by people, and giving a request up would not mend it.
 */
function isLedgerFault(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /timeout exceeded|Connection terminated/i.test(error.message)
  );
}
