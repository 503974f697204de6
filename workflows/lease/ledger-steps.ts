import type { Creation } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { ledger } from '../activity-options.ts';
import { failureOf } from '../failures.ts';
import type { LeaseEvent } from './events.ts';

/* A lease's steps at the ledger. The lease waits for them, because it cannot end without the ledger either. */

/** Reads the row of a lease. */
export async function readRow({ key }: Creation): Promise<LeaseEvent> {
  return { type: 'rowRead', creation: await ledger('Read the lease').readCreation({ key }) };
}

/** Holds the money of a lease up to a time, for the lease itself. */
export async function holdMoney({ key, requestId, number }: Creation, untilMs: number): Promise<HoldEvent> {
  const summary = `Hold the money until ${new Date(untilMs).toISOString()}`;
  return extendHold(key, untilMs, leaseWorkflowId(requestId, number), summary);
}

/** What came of holding more money. */
export type HoldEvent = Extract<LeaseEvent, { type: 'held' | 'holdRefused' | 'notLeased' }>;

/**
 * Holds the money of a lease up to a time.
 * @param who orders it
 */
export async function extendHold(key: string, untilMs: number, who: string, summary: string): Promise<HoldEvent> {
  try {
    const { outcome, creation } = await ledger(summary).extendHold({ key, untilMs, who });
    if (outcome === 'extended' && creation !== null) return { type: 'held', creation };
    return { type: outcome === 'budget-exceeded' ? 'holdRefused' : 'notLeased' };
  } catch (error) {
    // The ledger has no row: it was restored from an older backup.
    if (failureOf(error).type === 'CreationClosed') return { type: 'notLeased' };
    throw error;
  }
}
