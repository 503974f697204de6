import { performance } from 'node:perf_hooks';
import type { AbsenceProof } from '../../contracts/activities.ts';
import { DELETE_POLL_MS } from '../../contracts/limits.ts';
import { failure } from '../failures.ts';
import type { ProviderCreation, ProviderLedger } from '../ledger/provider-ledger.ts';
import {
  lateClusterLeftMs,
  lateClusterLookMs,
  findEverywhere,
  scaleBySpeed,
  isProvenAbsent,
  type Timing,
} from './absence.ts';
import { toObservedCluster } from './booking.ts';
import { ProviderError } from './errors.ts';
import type { FoundCluster, Provider } from './provider.ts';
import { remove } from './remove.ts';

/**
 * Deletes every cluster that lives under a closing key, and proves that none does. Throws NotReady until it can.
 * The proof names the sends it rests on, read before the looks: the ledger takes it only while that count stands.
 */
export async function makeAbsent(
  provider: Provider,
  providerLedger: ProviderLedger,
  key: string,
  timing: Timing,
): Promise<AbsenceProof> {
  const monotonicMs = timing.monotonicMs ?? (() => performance.now());
  const startedAt = monotonicMs();
  const row = await providerLedger.read(key);
  if (row === undefined) throw failure('Unknown', `the ledger shows this worker no creation with the key ${key}`);
  const proof: AbsenceProof = { claims: row.claims, goneAtMs: row.nowMs };
  // Not closing: nothing may be deleted here, and the ledger's answer to the settlement says what stands.
  if (row.state !== 'closing') return proof;

  const neverSent = row.claims === 0 && row.clusterId === null;
  const living = await (neverSent ? unlessItFails(provider, row) : findEverywhere(provider, row));
  const pollMs = scaleBySpeed(DELETE_POLL_MS, timing);
  if (living === 'unsure') throw failure('NotReady', 'list and get disagree; looking again', pollMs);
  const [first] = living;
  if (first !== undefined) {
    // Recorded first: from now on it counts as sent, and only proof settles it.
    if (neverSent) await providerLedger.adopt(row.key, toObservedCluster(first, row));
    const states: string[] = [];
    for (const cluster of living) states.push(await remove(provider, providerLedger, row, cluster));
    throw failure('NotReady', states.join('; '), pollMs);
  }
  // Seen gone by now, by the ledger's clock; it may have lived until this look.
  const goneAtMs = row.nowMs + Math.ceil(monotonicMs() - startedAt) + 1;

  if (neverSent) return { ...proof, goneAtMs };

  const lateMs = lateClusterLeftMs(row, timing);
  if (lateMs > 0) {
    const nextMs = lateClusterLookMs(lateMs, timing);
    throw failure('NotReady', 'nothing lives, but what was sent may still appear; waiting', nextMs);
  }
  if (!(await isProvenAbsent(provider, row, timing)))
    throw failure('NotReady', 'a cluster has appeared; looking again', 0);
  return { ...proof, goneAtMs };
}

/**
 * The look for a key that was never claimed, and under which nothing was adopted: it cannot be sent while it closes, so
 * there should be nothing. One look is made all the same, since the ledger may have been set back to before a send. It
 * must not keep a request from its next placement while the provider does not answer or denies looks.
 */
async function unlessItFails(provider: Provider, row: ProviderCreation): Promise<FoundCluster[] | 'unsure'> {
  try {
    return await findEverywhere(provider, row);
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
}
