import type { OwnCreation, Sends, Sighting } from '../ledger/sends.ts';
import type { FoundCluster } from './provider.ts';

/** When the last right to send was given, ms; the opening where none was. */
const lastSentAtMs = (row: OwnCreation): number =>
  row.sendUntilMs === null ? row.openedAtMs : row.sendUntilMs - row.claimMs;

/** What the ledger is told of a cluster. One whose birth the provider does not tell bills since it was sent. */
export const sightingOf = ({ clusterId, bornAtMs }: FoundCluster, row: OwnCreation): Sighting => ({
  clusterId,
  bornAtMs: bornAtMs ?? lastSentAtMs(row),
});

/**
 * The price that a creation's cluster is settled by, micro-dollars an hour: what the provider bills where that is more
 * than was planned. What it tells as less is not trusted: it may be meant for a part of the cluster.
 */
export async function billedAt(sends: Sends, row: OwnCreation, told: number | undefined): Promise<number> {
  if (told === undefined || told <= row.hourlyMicros) return row.hourlyMicros;
  await sends.billed(row.key, told);
  return told;
}
