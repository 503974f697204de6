import { expiryAfter } from '../../contracts/opening.ts';
import { failure } from '../failures.ts';
import type { ProviderLedger } from '../ledger/provider-ledger.ts';
import type { Provider } from './provider.ts';

const HOUR_MS = 3_600_000;

/**
 * Moves the provider's own expiry of a leased cluster past its funded end, where the provider has one. A lease that is
 * kept beyond its funded end is moved on from now, in whole hours, so that a second try goes on where the first stopped:
 * nothing that is wanted ends by the guard against leaks.
 */
export async function moveExpiry(
  provider: Provider,
  providerLedger: ProviderLedger,
  key: string,
  clusterId: string,
): Promise<void> {
  const row = await providerLedger.read(key);
  if (row === undefined) throw failure('Unknown', `the ledger shows this worker no creation with the key ${key}`);
  const { region, call, leaseUntilMs, deleteReserveMs, nowMs } = row;
  if (row.state !== 'leased' || row.clusterId !== clusterId || leaseUntilMs === null) return;
  const keptUntilMs = Math.max(leaseUntilMs, Math.ceil(nowMs / HOUR_MS) * HOUR_MS);
  await provider.moveExpiry?.(region, clusterId, expiryAfter(keptUntilMs, deleteReserveMs), call);
}
