import { performance } from 'node:perf_hooks';
import type { AbsenceProof } from '../../contracts/activities.ts';
import { DELETE_POLL_MS } from '../../contracts/limits.ts';
import { failure } from '../failures.ts';
import type { Sends } from '../ledger/sends.ts';
import { lateBirthLeftMs, lookBothWays, paced, provenAbsent, type Pace } from './absence.ts';
import type { Provider } from './provider.ts';
import { remove } from './remove.ts';

/**
 * Deletes every cluster that lives under a closing key, and proves that none does. Throws NotReady until it can.
 * The proof names the sends it rests on, read before the looks: the ledger takes it only while that count stands.
 */
export async function makeAbsent(provider: Provider, sends: Sends, key: string, pace: Pace): Promise<AbsenceProof> {
  const monotonicMs = pace.monotonicMs ?? (() => performance.now());
  const startedAt = monotonicMs();
  const row = await sends.read(key);
  if (row === undefined) throw failure('Unknown', `the ledger shows this worker no creation with the key ${key}`);
  const proof: AbsenceProof = { claims: row.claims, goneAtMs: row.nowMs };
  // Not closing: nothing may be deleted here, and the ledger's answer to the settlement says what stands.
  // Never claimed, and nothing adopted: a closing key cannot be sent, so there is nothing to look for, even without a
  // way to look.
  if (row.state !== 'closing' || (row.claims === 0 && row.clusterId === null)) return proof;

  const living = await lookBothWays(provider, row);
  const pollMs = paced(DELETE_POLL_MS, pace);
  if (living === 'unsure') throw failure('NotReady', 'list and get disagree; looking again', pollMs);
  if (living.length > 0) {
    const states: string[] = [];
    for (const cluster of living) states.push(await remove(provider, sends, row, cluster));
    throw failure('NotReady', states.join('; '), pollMs);
  }
  // Seen gone by now, by the ledger's clock; it may have lived until this look.
  const goneAtMs = row.nowMs + Math.ceil(monotonicMs() - startedAt) + 1;

  const lateMs = lateBirthLeftMs(row, pace);
  if (lateMs > 0) {
    throw failure('NotReady', 'nothing lives, but what was sent may still appear; waiting', lateMs);
  }
  if (!(await provenAbsent(provider, row, pace))) throw failure('NotReady', 'a cluster has appeared; looking again', 0);
  return { ...proof, goneAtMs };
}
