import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { CommonActivities, LedgerActivities, ProviderActivities } from '../contracts/activities.ts';
import { providerQueue, QUEUES } from '../contracts/queues.ts';

/** Short work without credentials: a try that hangs is given up soon, and tried for as long as it takes. */
const quick = { startToCloseTimeout: '30 seconds', retry: { maximumInterval: '30 seconds' } } satisfies ActivityOptions;

/** A transaction or two: PostgreSQL ends a statement after 20 s. Retried without limit; every function is idempotent. */
const transaction = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
} satisfies ActivityOptions;

/**
 * Claim, look and send: each HTTP call stops itself at 30 s. Retried until the request's own deadline, which lives in
 * the workflow. A cancel waits for the running attempt, so that no send outlives the step that made it.
 */
const createCall = {
  startToCloseTimeout: '3 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} satisfies ActivityOptions;

/** A step of a killed worker is tried again after this silence: a cluster that bills may be waiting for it. */
const SILENCE = '30 seconds';

/** One check a try. It is abandoned at once when it is no longer needed: it changes nothing. */
const readinessCheck = {
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: SILENCE,
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.TRY_CANCEL,
} satisfies ActivityOptions;

/** Before a deadline takes effect: a provider that does not answer holds it up no longer. */
const lastReadinessCheck = {
  ...readinessCheck,
  retry: { ...readinessCheck.retry, maximumAttempts: 3 },
} satisfies ActivityOptions;

/** Never given up: a cluster that nobody deletes goes on billing. Backoff up to 2 minutes. */
const untilGone = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: SILENCE,
  retry: { initialInterval: '1 second', maximumInterval: '2 minutes' },
} satisfies ActivityOptions;

/** A look at a worker and what stands behind it: one try, and nobody waits long for a worker that is not there. */
const check = {
  startToCloseTimeout: '2 minutes',
  scheduleToStartTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
} satisfies ActivityOptions;

/** Looks at a worker's health, on its own queue. */
export const checkAt = (
  taskQueue: string,
  summary: string,
): ReturnType<typeof proxyActivities<LedgerActivities & ProviderActivities>> =>
  proxyActivities<LedgerActivities & ProviderActivities>({ ...check, taskQueue, summary });

/** Steps on the common queue; the summary is what the Web UI shows beside the step. */
export const common = (summary: string): ReturnType<typeof proxyActivities<CommonActivities>> =>
  proxyActivities<CommonActivities>({ ...quick, taskQueue: QUEUES.common, summary });

/** Steps on the ledger's queue. */
export const ledger = (summary: string): ReturnType<typeof proxyActivities<LedgerActivities>> =>
  proxyActivities<LedgerActivities>({ ...transaction, taskQueue: QUEUES.ledger, summary });

/**
 * Tries of a lease's step at its provider (policy). It must not wait in there for ever: the lease shows what is wrong, reads
 * its row, which may be it, and asks again after a pause.
 */
const LEASE_TRIES = 3;

/** A lease's inspection of its cluster. */
const inspection = {
  ...readinessCheck,
  retry: { ...readinessCheck.retry, maximumAttempts: LEASE_TRIES },
} satisfies ActivityOptions;

/** Up to 1 000 calls, one after the other, where each node has an expiry of its own. Twice leads to the same. */
const expiryMove = {
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: SILENCE,
  retry: { initialInterval: '2 seconds', maximumInterval: '2 minutes', maximumAttempts: LEASE_TRIES },
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
