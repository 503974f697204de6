import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { CommonActivities, LedgerActivities, ProviderActivities } from '../contracts/activities.ts';
import { providerQueue, QUEUES } from '../contracts/queues.ts';

/** Short work without credentials. Each attempt ends soon, and the step is retried without limit. */
const quick = { startToCloseTimeout: '30 seconds', retry: { maximumInterval: '30 seconds' } } satisfies ActivityOptions;

/** One or two transactions: PostgreSQL ends a statement after 20 s. Retried without limit, since every function is idempotent. */
const transaction = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
} satisfies ActivityOptions;

/**
 * Looks for the key, claims the right to send, and sends: each HTTP call ends after 30 s. Retried until the readiness
 * deadline, which the workflow keeps. A cancel waits for the running attempt, so that no send outlives its step.
 */
const createCall = {
  startToCloseTimeout: '3 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} satisfies ActivityOptions;

/** A step of a killed worker is retried after this long without a heartbeat: a cluster may bill meanwhile. */
const HEARTBEAT_TIMEOUT = '30 seconds';

/** One check an attempt. It changes nothing, so it is abandoned at once when it is no longer needed. */
const readinessCheck = {
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** The last check before a deadline. A provider that does not answer must not delay the deadline for long. */
const lastReadinessCheck = {
  ...readinessCheck,
  retry: { ...readinessCheck.retry, maximumAttempts: 3 },
} satisfies ActivityOptions;

/** Retried without limit, with pauses of up to 2 minutes: a cluster that nobody deletes goes on billing. */
const untilGone = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '1 second', maximumInterval: '2 minutes' },
} satisfies ActivityOptions;

/** A check of a worker and of what it depends on: one attempt, which ends soon where no worker runs. */
const check = {
  startToCloseTimeout: '2 minutes',
  scheduleToStartTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
} satisfies ActivityOptions;

/** Checks of a worker, on its own queue. */
export const checkAt = (
  taskQueue: string,
  summary: string,
): ReturnType<typeof proxyActivities<LedgerActivities & ProviderActivities>> =>
  proxyActivities<LedgerActivities & ProviderActivities>({ ...check, taskQueue, summary });

/** Steps on the common queue. The Web UI shows the summary beside the step. */
export const common = (summary: string): ReturnType<typeof proxyActivities<CommonActivities>> =>
  proxyActivities<CommonActivities>({ ...quick, taskQueue: QUEUES.common, summary });

/** Steps on the ledger's queue. */
export const ledger = (summary: string): ReturnType<typeof proxyActivities<LedgerActivities>> =>
  proxyActivities<LedgerActivities>({ ...transaction, taskQueue: QUEUES.ledger, summary });

/**
 * Attempts of a lease's step at its provider (policy). After the last one the lease shows the failure, reads its row, which
 * may be the cause, and tries again after a pause.
 */
const LEASE_ATTEMPTS = 3;

/** A lease's inspection of its cluster. */
const inspection = {
  ...readinessCheck,
  retry: { ...readinessCheck.retry, maximumAttempts: LEASE_ATTEMPTS },
} satisfies ActivityOptions;

/** Up to 1 000 calls one after another, where each node has its own expiry. A repeated move changes nothing. */
const expiryMove = {
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { initialInterval: '2 seconds', maximumInterval: '2 minutes', maximumAttempts: LEASE_ATTEMPTS },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

const INTENTS = { createCall, readinessCheck, untilGone, inspection, expiryMove, lastReadinessCheck };

/** Steps on a provider's queue, for one of these intents. */
export const atProvider = (
  provider: string,
  intent: keyof typeof INTENTS,
  summary: string,
): ReturnType<typeof proxyActivities<ProviderActivities>> =>
  proxyActivities<ProviderActivities>({ ...INTENTS[intent], taskQueue: providerQueue(provider), summary });
