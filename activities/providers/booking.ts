import type { ObservedCluster, ProviderCreation } from '../ledger/provider-ledger.ts';
import type { FoundCluster } from './provider.ts';
import type { StepContext } from './step-context.ts';

/** When the last right to send was given, ms since the epoch; the opening when none was given. */
const lastSentAtMs = (row: ProviderCreation): number =>
  row.sendUntilMs === null ? row.openedAtMs : row.sendUntilMs - row.claimMs;

/** A cluster as the ledger records it. Without a creation time from the provider it is billed from the last send. */
export const toObservedCluster = (
  { clusterId, createdAtMs }: FoundCluster,
  row: ProviderCreation,
): ObservedCluster => ({
  clusterId,
  createdAtMs: createdAtMs ?? lastSentAtMs(row),
});

/**
 * Records the price that the provider bills, when it is higher than the planned one. A lower price is ignored: it may be
 * the price of a part of the cluster.
 * @param billedMicros micro-dollars an hour; undefined when the provider does not say
 * @returns the price that the creation is settled by, micro-dollars an hour
 */
export async function recordBilledPrice(
  { ledger, row }: StepContext,
  billedMicros: number | undefined,
): Promise<number> {
  if (billedMicros === undefined || billedMicros <= row.hourlyMicros) return row.hourlyMicros;
  await ledger.recordPrice(row.key, billedMicros);
  return billedMicros;
}
