import { DELETE_POLL_MS } from '../../contracts/limits.ts';
import { failure } from '../failures.ts';
import type { ProviderCreation, ProviderLedger } from '../ledger/provider-ledger.ts';
import { scaleBySpeed, type Timing } from './absence.ts';
import type { FoundCluster, Provider } from './provider.ts';
import { remove } from './remove.ts';

/**
 * Deletes one cluster, by its id and never by name, that was born under a key which has ended, or whose own cluster is
 * another. Fails with NotReady until it no longer shows, and with NameTaken where somebody else's wears the key.
 */
export async function removeLateCluster(
  provider: Provider,
  providerLedger: ProviderLedger,
  key: string,
  clusterId: string,
  timing: Timing,
): Promise<void> {
  const row = await providerLedger.read(key);
  if (row === undefined) throw failure('Unknown', `the ledger shows this worker no creation with the key ${key}`);
  if (!isLateCluster(row, clusterId)) return;

  const cluster = await oursToRemove(provider, row, clusterId);
  if (cluster === 'gone') return;
  const pollMs = scaleBySpeed(DELETE_POLL_MS, timing);
  if (cluster === 'unsure') throw failure('NotReady', 'list and get disagree; looking again', pollMs);
  throw failure('NotReady', await remove(provider, providerLedger, row, cluster), pollMs);
}

/** An open creation may adopt what it finds, and the recorded cluster of a lease, or of its release, is no late cluster. */
function isLateCluster({ state, clusterId: own }: ProviderCreation, clusterId: string): boolean {
  switch (state) {
    case 'open':
      return false;
    case 'leased':
    case 'closing':
      return own !== null && own !== clusterId;
    case 'refused':
    case 'absent':
    case 'released':
      return true;
  }
}

/** The cluster of this id, listed under exactly this key and known to be ours. */
async function oursToRemove(
  provider: Provider,
  row: ProviderCreation,
  clusterId: string,
): Promise<FoundCluster | 'gone' | 'unsure'> {
  const { region, key } = row;
  const listed = (await provider.list(region, key)).find(
    (cluster) => cluster.name === key && cluster.clusterId === clusterId,
  );
  const found = await provider.find(region, key, row.call);
  if (found.kind === 'taken') throw failure('NameTaken', `${found.detail}; it is not touched`);
  const isFound = found.kind === 'ours' && found.cluster.clusterId === clusterId;
  if (listed === undefined) return isFound ? 'unsure' : 'gone';
  // Where a name is worn once, the look by name tells whose this cluster is only if it finds this one.
  const isOurs = provider.idempotency === 'unique-name' ? isFound : found.kind === 'ours';
  return isOurs ? listed : 'unsure';
}
