import type { AbsenceProof } from '../../contracts/activities.ts';
import { DELETE_POLL_MS } from '../../contracts/limits.ts';
import { failure } from '../failures.ts';
import { findOurs, isProvenAbsent, lateClusterLeftMs, lateClusterPauseMs, type KeySearch } from './absence.ts';
import { toObservedCluster } from './booking.ts';
import { deleteCluster } from './delete-cluster.ts';
import { ProviderError } from './errors.ts';
import { ledgerTimeMs, type StepContext } from './step-context.ts';
import { scaleBySpeed } from './timing.ts';

/**
 * Deletes every cluster that lives under a closing key, and proves that none is left. The proof carries the count of claims
 * as it was before the search: the ledger accepts it only while that count stands.
 * @throws NotReady until the proof is complete
 */
export async function makeAbsent(context: StepContext): Promise<AbsenceProof> {
  const { ledger, row, timing } = context;
  const proof: AbsenceProof = { claims: row.claims, goneAtMs: row.nowMs };
  // The creation is not closing, so nothing may be deleted. The ledger answers the settlement with the row's state.
  if (row.state !== 'closing') return proof;

  const neverSent = row.claims === 0 && row.clusterId === null;
  const living = await (neverSent ? findOursIfPossible(context) : findOurs(context));
  const pollMs = scaleBySpeed(DELETE_POLL_MS, timing);
  if (living === 'inconclusive') throw failure('NotReady', 'list and get disagree; searching again', pollMs);
  const [first] = living;
  if (first !== undefined) {
    // Recorded first: from then on the key counts as sent, and only a proof settles it.
    if (neverSent) await ledger.adopt(row.key, toObservedCluster(first, row));
    const deletions: string[] = [];
    for (const cluster of living) deletions.push(await deleteCluster(context, cluster));
    throw failure('NotReady', deletions.join('; '), pollMs);
  }
  // The clusters may have lived until this search, so that is how long they are billed.
  const goneAtMs = ledgerTimeMs(context);

  if (neverSent) return { ...proof, goneAtMs };

  const lateMs = lateClusterLeftMs(context);
  if (lateMs > 0) {
    const pauseMs = lateClusterPauseMs(lateMs, timing);
    throw failure('NotReady', 'nothing lives, but a late cluster may still appear; waiting', pauseMs);
  }
  if (!(await isProvenAbsent(context))) throw failure('NotReady', 'a cluster has appeared; searching again', 0);
  return { ...proof, goneAtMs };
}

/**
 * The search for a key that was never claimed and has no cluster. A closing key cannot be sent, so there should be nothing.
 * One search is made all the same: the ledger may have been restored to a time before a send. A provider that does not
 * answer, or that denies reads, must not keep the request from its next placement.
 */
async function findOursIfPossible(context: StepContext): Promise<KeySearch> {
  try {
    return await findOurs(context);
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
}
