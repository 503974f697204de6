import type { CancelResult, ExtendOrder, ExtendResult, ReleaseResult, RequestOrder } from '../contracts/operations.ts';
import { ledger } from './activity-options.ts';
import { asApplicationFailure } from './failures.ts';
import { withStepFailures } from './operations.ts';

/**
 * Cancels a request. The ledger records the cancel first: it holds whatever happens to the request's workflow. Then that
 * workflow is cancelled; where none runs, a cleanup deletes what is left.
 */
export const cancelRequest = ({ requestId, orderId, who, why }: RequestOrder): Promise<CancelResult> =>
  withStepFailures(async () => {
    const cancel = { requestId, cancelId: orderId, who, why };
    const { outcome, creation } = await ledger('Record the cancel').recordCancel(cancel);
    if (outcome === 'use-release') throw refusal(`request "${requestId}" is ready: use release`);
    const isRunning = await ledger('Cancel its workflow').cancelWorkflow({ requestId });
    if (isRunning) return { outcome: 'cancelling', creation };
    if (creation === null) return { outcome: 'recorded', creation };
    await ledger(`Start the cleanup of ${creation.key}`).startCleanup({ creation });
    return { outcome: 'cleaning', creation };
  });

/** Releases a request's cluster through its lease; a lease that does not run is started again for it. */
export const releaseRequest = ({ requestId, orderId, who, why }: RequestOrder): Promise<ReleaseResult> =>
  withStepFailures(async () => {
    const { creation } = await ledger('Read the request').readRequest({ requestId });
    if (creation?.state === 'released') return { outcome: 'released', creation };
    if (creation === null || creation.leasedAtMs === null) throw noReadyCluster(requestId);
    await ledger('Order the lease to release').releaseLease({ creation, orderId, who, why });
    return { outcome: 'releasing', creation };
  });

/** Lets a lease end later, through the lease. */
export const extendRequest = ({ requestId, orderId, who, end }: ExtendOrder): Promise<ExtendResult> =>
  withStepFailures(async () => {
    const { creation } = await ledger('Read the request').readRequest({ requestId });
    if (creation?.state !== 'leased') throw refusal('it has no ready cluster');
    const untilMs = 'untilMs' in end ? end.untilMs : (creation.leaseUntilMs ?? 0) + end.byMs;
    const { extendLease } = ledger('Order the lease to end later');
    return { outcome: 'extended', creation: await extendLease({ creation, untilMs, orderId, who }) };
  });

const refusal = (message: string): Error => asApplicationFailure({ type: 'InvalidRequest', message });

const noReadyCluster = (requestId: string): Error => refusal(`request "${requestId}" has no ready cluster`);
