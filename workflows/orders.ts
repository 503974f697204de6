import type { CancelReply, ExtendOrder, ExtendReply, Order, ReleaseReply } from '../contracts/messages.ts';
import { ledger } from './activity-options.ts';
import { asApplicationFailure, failureOf } from './failures.ts';

/*
 * Clients hold no key to the ledger: each of their orders is a short workflow, whose steps run where the ledger is.
 */

/**
 * Cancels a request. The ledger is told first, so that the cancel stands whatever becomes of the request's workflow;
 * then its workflow is told; and where none runs, a cleanup makes absent what is left.
 */
export async function cancelRequest({ requestId, orderId, who, why }: Order): Promise<CancelReply> {
  const { outcome, creation } = await ledger('Record the cancel').recordCancel({
    requestId,
    cancelId: orderId,
    who,
    why,
  });
  if (outcome === 'use-release') return { outcome: 'use-release', creation };
  if (await ledger('Tell its workflow').cancelWorkflow({ requestId })) return { outcome: 'cancelling', creation };
  if (creation === null) return { outcome: 'recorded', creation };
  await ledger(`Start the cleanup of ${creation.key}`).startCleanup({ creation });
  return { outcome: 'cleaning', creation };
}

/** Releases a request's cluster, through its lease; a lease that nobody runs is started again for it. */
export async function releaseRequest({ requestId, orderId, who, why }: Order): Promise<ReleaseReply> {
  const { creation } = await ledger('Read what stands').readRequest({ requestId });
  if (creation?.state === 'released') return { outcome: 'released', creation };
  if (creation === null || creation.leasedAtMs === null) return { outcome: 'not-leased', creation };
  await ledger('Tell the lease').releaseLease({ creation, orderId, who, why });
  return { outcome: 'releasing', creation };
}

/** Lets a lease end later, through the lease. Fails with BudgetExceeded or InvalidRequest, and then nothing has changed. */
export async function extendLease({ requestId, orderId, who, end }: ExtendOrder): Promise<ExtendReply> {
  const { creation } = await ledger('Read what stands').readRequest({ requestId });
  if (creation?.state !== 'leased')
    throw asApplicationFailure({ type: 'InvalidRequest', message: 'it has no ready cluster' });
  if (creation.terms === null) {
    const message = `the lease of ${creation.key} began before leases could be extended: it ends with its funded time`;
    throw asApplicationFailure({ type: 'InvalidRequest', message });
  }
  const untilMs = 'untilMs' in end ? end.untilMs : (creation.leaseUntilMs ?? 0) + end.byMs;
  const { extendLease: extend } = ledger('Tell the lease');
  try {
    return { outcome: 'extended', creation: await extend({ creation, untilMs, orderId, who }) };
  } catch (error) {
    throw asApplicationFailure(failureOf(error));
  }
}
