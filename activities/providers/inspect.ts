import type { Inspection } from '../../contracts/activities.ts';
import type { Observation } from '../../contracts/cluster.ts';
import type { Condition } from '../../contracts/creation.ts';
import { MAX_VENDOR_TEXT, VISIBILITY_GRACE_MS } from '../../contracts/limits.ts';
import { failure } from '../failures.ts';
import type { ProviderCreation, ProviderLedger } from '../ledger/provider-ledger.ts';
import { repeatedReadsMiss, type Timing } from './absence.ts';
import { recordBilledPrice } from './booking.ts';
import type { Provider } from './provider.ts';

/** What a look at a leased cluster came to. */
export type Inspected = Pick<Inspection, 'condition' | 'detail'>;

/** One look at a leased cluster; records what it has become. */
export async function inspect(
  provider: Provider,
  providerLedger: ProviderLedger,
  key: string,
  clusterId: string,
  timing: Timing,
): Promise<Inspected> {
  const row = await providerLedger.read(key);
  if (row === undefined) throw failure('Unknown', `the ledger shows this worker no creation with the key ${key}`);
  if (row.state !== 'leased') return { condition: 'closing', detail: `the creation is ${row.state}` };
  if (row.clusterId !== clusterId) {
    return { condition: 'closing', detail: `the lease is of ${row.clusterId ?? 'no cluster'}, not of ${clusterId}` };
  }

  const seen = await provider.observe(row.region, clusterId, row.call);
  await recordBilledPrice(providerLedger, row, seen.hourlyMicros);
  const inspected =
    seen.state === 'gone'
      ? await whetherGone(provider, row, clusterId, timing)
      : { condition: conditionOf(seen), detail: told(seen) };
  // The words change more often than what they say: only the latter is worth a line in the journal.
  if (inspected.condition === row.condition) return inspected;
  const state = await providerLedger.recordCondition(key, inspected.condition, inspected.detail);
  return state === 'leased' ? inspected : { condition: 'closing', detail: `the creation is ${state}` };
}

/**
 * Nodes tell more than the provider's word: a cluster that is being updated may have all of them, one that it calls failed
 * may still have some, and somebody may be using those. What is being deleted is not ours to use any more. A provider
 * that says degraded knows more than the count: which nodes are missing.
 */
export function conditionOf({ state, nodesInService, nodesWanted }: Observation): Condition {
  if (state === 'deleting' || (state === 'failed' && nodesInService === 0)) return 'failed';
  return state === 'failed' || state === 'degraded' || nodesInService < nodesWanted ? 'degraded' : 'ready';
}

const told = ({ detail, nodesInService, nodesWanted }: Observation): string =>
  `${nodesInService} of ${nodesWanted} nodes in service: ${detail}`.slice(0, MAX_VENDOR_TEXT);

/** One look that misses a cluster is no proof; until there is one, it stays what it was. */
async function whetherGone(
  provider: Provider,
  row: ProviderCreation,
  clusterId: string,
  timing: Timing,
): Promise<{ condition: Condition; detail: string }> {
  // It was born before it was leased, and what is young may not show everywhere yet.
  const leasedForMs = row.nowMs - (row.leasedAtMs ?? row.openedAtMs);
  if (leasedForMs > VISIBILITY_GRACE_MS / timing.speed && (await provenGone(provider, row, clusterId, timing))) {
    return { condition: 'gone', detail: `${clusterId} has vanished` };
  }
  return { condition: row.condition ?? 'ready', detail: `${clusterId} does not show, which is not confirmed yet` };
}

/**
 * Whether pairs of list and get in a row, spaced, all miss this one cluster. Asked by its id: its key
 * may be worn by a late cluster, or its name by a stranger's. A container that has lost all of its nodes counts as gone.
 */
const provenGone = (provider: Provider, row: ProviderCreation, clusterId: string, timing: Timing): Promise<boolean> =>
  repeatedReadsMiss(timing, async () => {
    const listed = await provider.list(row.region, row.key);
    if (listed.some((cluster) => cluster.clusterId === clusterId && cluster.partial !== true)) return false;
    return (await provider.observe(row.region, clusterId, row.call)).state === 'gone';
  });
