import type pg from 'pg';
import { z } from 'zod';
import { Creation } from '../../contracts/creation.ts';
import type { Trace } from '../../contracts/reports.ts';
import { failure } from '../failures.ts';
import { readValue } from './read-value.ts';

/**
 * A restored lease is funded for at least this long from now, ms (policy). It may have been extended since Temporal's record,
 * and people need time to look at it before it releases its cluster.
 */
const RESTORED_LEASE_MS = 60 * 60_000;

const Restored = z.object({
  outcome: z.enum(['restored', 'other-key', 'other-cluster', 'exists', 'conflict', 'taken']),
  creation: Creation.nullable(),
});
type Refusal = Exclude<z.infer<typeof Restored>['outcome'], 'restored'>;

const REFUSALS: Readonly<Record<Refusal, string>> = {
  'other-key': 'another installation made the key',
  'other-cluster': 'the creation has another cluster',
  exists: 'the ledger has it already',
  conflict: 'its request is registered with another body',
  taken: 'another creation of its request is active or came later; try again after that has ended or is cleaned up',
};

/**
 * Writes the row of a lost creation again, with its cluster and its hold, which may exceed the limit. A monitor then finds
 * the row without an owner and starts one.
 * @throws InvalidRequest when the ledger has the creation, or another one in its place
 */
export async function restoreCreation(db: pg.Pool, trace: Trace, who: string): Promise<Creation> {
  const args = [JSON.stringify(trace), RESTORED_LEASE_MS, who];
  const { outcome, creation } = await readValue(db, Restored, 'restore_creation($1, $2, $3)', args);
  if (outcome === 'restored' && creation !== null) return creation;
  const why = outcome === 'restored' ? 'the ledger answered without a creation' : REFUSALS[outcome];
  throw failure('InvalidRequest', `${trace.key} cannot be restored: ${why}`);
}
