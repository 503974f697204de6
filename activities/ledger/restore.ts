import type pg from 'pg';
import { z } from 'zod';
import { Creation } from '../../contracts/creation.ts';
import type { Trace } from '../../contracts/reports.ts';
import { failure } from '../failures.ts';
import { readValue } from './read-value.ts';

/**
 * A lease whose funded end, as Temporal remembers it, is past or near goes on for this long (policy): it may have been
 * extended since, and whoever restores it must have the time to look at it before it releases its cluster.
 */
const RESTORED_LEASE_MS = 60 * 60_000;

const Restored = z.object({
  outcome: z.enum(['restored', 'other-key', 'other-cluster', 'exists', 'conflict', 'taken']),
  creation: Creation.nullable(),
});
type Refusal = Exclude<z.infer<typeof Restored>['outcome'], 'restored'>;

const REFUSALS: Readonly<Record<Refusal, string>> = {
  'other-key': 'the key is not one of this ledger: another installation made it',
  'other-cluster': 'the creation had another cluster of its own',
  exists: 'the ledger knows the key',
  conflict: 'its request is registered with another body',
  taken: 'another creation of its request is active, or came later: ask again once that has been cleaned up, or ended',
};

/**
 * Writes the row of a lost creation again, with its cluster and its hold, which may go beyond the limit. Its owner is
 * started by the monitor, which finds the row without one.
 * @throws InvalidRequest where the ledger has it, or has another in its place
 */
export async function restoreCreation(db: pg.Pool, trace: Trace, who: string): Promise<Creation> {
  const args = [JSON.stringify(trace), RESTORED_LEASE_MS, who];
  const { outcome, creation } = await readValue(db, Restored, 'restore_creation($1, $2, $3)', args);
  if (outcome === 'restored' && creation !== null) return creation;
  const why = outcome === 'restored' ? 'the ledger answered without it' : REFUSALS[outcome];
  throw failure('InvalidRequest', `${trace.key} cannot be restored: ${why}`);
}
