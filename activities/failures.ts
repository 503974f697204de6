import { ApplicationFailure } from '@temporalio/common';
import pg from 'pg';
import { whatFollows, type FailureType } from '../contracts/failures.ts';
import { MAX_RETRY_AFTER_MS } from '../contracts/limits.ts';
import { ProviderError } from './providers/errors.ts';

/** Whether Temporal retries the step: another try may not meet the failure. */
const isRetried = (type: FailureType): boolean => whatFollows(type) === 'retry';

/**
 * Makes a Temporal failure. No other file makes one.
 * @param retryDelayMs pause before the next attempt; without it the step's own backoff applies
 */
export function failure(type: FailureType, message: string, retryDelayMs?: number): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: !isRetried(type),
    ...(retryDelayMs === undefined ? {} : { nextRetryDelay: Math.ceil(retryDelayMs) }),
  });
}

/** For steps towards a cluster. An unexpected error becomes Unknown, which ends the step: it neither loops nor hides. */
export function toFailure(error: unknown): ApplicationFailure {
  return expected(error) ?? failure('Unknown', textOf(error));
}

/** For steps that must not give up, such as the ledger's. An unexpected error is retried; a final refusal stays final. */
export function toRetryableFailure(error: unknown): ApplicationFailure {
  return expected(error) ?? retryable('Unknown', textOf(error));
}

/** For compensations. Every error is retried, and the pending step shows why it waits. */
export function toEndlessRetryFailure(error: unknown): ApplicationFailure {
  const failed = toRetryableFailure(error);
  return failed.nonRetryable === true ? retryable(failed.type ?? 'Unknown', failed.message) : failed;
}

const retryable = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: false });

const textOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/** The failure for an error of a kind that we know; undefined for any other. */
function expected(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ProviderError) {
    const { retryAfterMs } = error;
    const delayMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    return failure(error.failureType, error.message, delayMs);
  }
  if (isLedgerError(error)) return failure('Unavailable', `the ledger does not work: ${textOf(error)}`);
  return undefined;
}

/**
 * Whether node-postgres reports an error of the connection or of a statement. Such a step is retried: people repair a ledger
 * that is down, locked or half migrated, and giving the request up would not repair it.
 */
function isLedgerError(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /timeout exceeded|Connection terminated/i.test(error.message)
  );
}
