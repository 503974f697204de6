import type { ProviderCreation, ProviderLedger, ObservedCluster } from '../ledger/provider-ledger.ts';
import type { FoundCluster } from './provider.ts';

/** When the last right to send was given, ms; the opening where none was. */
const lastSentAtMs = (row: ProviderCreation): number =>
  row.sendUntilMs === null ? row.openedAtMs : row.sendUntilMs - row.claimMs;

/** What the ledger is told of a cluster. One whose birth the provider does not tell bills since it was sent. */
export const toObservedCluster = (
  { clusterId, createdAtMs }: FoundCluster,
  row: ProviderCreation,
): ObservedCluster => ({
  clusterId,
  createdAtMs: createdAtMs ?? lastSentAtMs(row),
});

/**
 * The price that a creation's cluster is settled by, micro-dollars an hour: what the provider bills where that is more
 * than was planned. What it tells as less is not trusted: it may be meant for a part of the cluster.
 */
export async function recordBilledPrice(
  providerLedger: ProviderLedger,
  row: ProviderCreation,
  told: number | undefined,
): Promise<number> {
  if (told === undefined || told <= row.hourlyMicros) return row.hourlyMicros;
  await providerLedger.recordPrice(row.key, told);
  return told;
}
