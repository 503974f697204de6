import type { ClusterAccess } from '../../contracts/cluster.ts';
import { DELETE_POLL_MS, OBSERVE_POLL_MS, VISIBILITY_GRACE_MS } from '../../contracts/limits.ts';
import { failure } from '../failures.ts';
import type { ProviderCreation, ProviderLedger } from '../ledger/provider-ledger.ts';
import { scaleBySpeed, isProvenAbsent, type Timing } from './absence.ts';
import { recordBilledPrice } from './booking.ts';
import { ProviderError } from './errors.ts';
import { remove } from './remove.ts';
import type { Provider } from './provider.ts';

/** Polls a cluster that is awaited: NotReady until it is usable. For runs of before there was a monitor. */
export async function observe(...look: Parameters<typeof lookAt>): Promise<ClusterAccess> {
  const seen = await lookAt(...look);
  if ('access' in seen) return seen.access;
  throw failure('NotReady', seen.detail, seen.pollMs);
}

/** What a look at an awaited cluster came to. */
type Seen =
  | { readonly access: ClusterAccess }
  /** `pollMs`: when one who polls looks again. */
  | { readonly detail: string; readonly pollMs: number };

/** One look at a cluster that is awaited: its access once usable, ClusterFailed when it never will be. */
export async function lookAt(
  provider: Provider,
  providerLedger: ProviderLedger,
  key: string,
  clusterId: string,
  timing: Timing,
): Promise<Seen> {
  const row = await providerLedger.read(key);
  // A ledger that was set back knows nothing of it: nothing is given up for that, and people put it right.
  if (row === undefined) {
    return {
      detail: `the ledger shows this worker no creation with the key ${key}`,
      pollMs: scaleBySpeed(OBSERVE_POLL_MS, timing),
    };
  }
  if (row.state !== 'open') throw failure('CreationClosed', `the creation is ${row.state}`);
  if (row.clusterId !== clusterId) return notRecorded(provider, row, clusterId, timing);

  const seen = await provider.observe(row.region, clusterId, row.call);
  await recordBilledPrice(providerLedger, row, seen.hourlyMicros);
  const progress = `${seen.detail}, ${seen.nodesInService} of ${seen.nodesWanted} nodes in service`;
  switch (seen.state) {
    case 'ready': {
      const others = await noOthers(provider, providerLedger, row, clusterId, timing);
      return others ?? access(provider, row, clusterId, timing);
    }
    case 'failed':
    case 'deleting':
      throw failure(seen.outOfCapacity ? 'InsufficientCapacity' : 'ClusterFailed', progress);
    case 'gone':
      // Shortly after it was sent a cluster may not show yet; later one look that misses it is no proof either.
      if (
        row.nowMs - (row.sendUntilMs ?? row.openedAtMs) > VISIBILITY_GRACE_MS / timing.speed &&
        (await isProvenAbsent(provider, row, timing, 'or partial'))
      ) {
        throw failure('ClusterFailed', `${clusterId} has vanished`);
      }
      return { detail: 'not visible yet', pollMs: scaleBySpeed(OBSERVE_POLL_MS, timing) };
    case 'creating':
    case 'degraded':
      return { detail: progress, pollMs: scaleBySpeed(OBSERVE_POLL_MS, timing) };
  }
}

/**
 * The ledger was set back to before the cluster was recorded. Whoever waits for it starts from the ledger again, where a
 * creation adopts what wears its key; only once that shows, since what does not would be made a second time.
 */
async function notRecorded(
  provider: Provider,
  row: ProviderCreation,
  clusterId: string,
  timing: Timing,
): Promise<Seen> {
  const known = row.clusterId !== null || (await provider.find(row.region, row.key, row.call)).kind === 'ours';
  const detail = `the ledger has recorded ${row.clusterId ?? 'no cluster'}, not ${clusterId}`;
  if (known) throw failure('CreationClosed', detail);
  return { detail: `${detail}, and nothing shows under its key`, pollMs: scaleBySpeed(OBSERVE_POLL_MS, timing) };
}

/**
 * Where names are not unique, a send that was thought lost may have made a second cluster under our exact key. It is
 * ours too: booked, and deleted by its id, before the first is handed over. The id in the ledger stays.
 */
async function noOthers(
  provider: Provider,
  providerLedger: ProviderLedger,
  row: ProviderCreation,
  clusterId: string,
  timing: Timing,
): Promise<Seen | undefined> {
  if (provider.idempotency !== 'neither') return undefined;
  const others = (await provider.list(row.region, row.key)).filter(
    (cluster) => cluster.name === row.key && cluster.clusterId !== clusterId,
  );
  if (others.length === 0) {
    await providerLedger.recordDuplicatesGone(row.key);
    return undefined;
  }
  const states: string[] = [];
  for (const other of others) states.push(await remove(provider, providerLedger, row, other));
  return {
    detail: `a second cluster wears our key: ${states.join('; ')}`,
    pollMs: scaleBySpeed(DELETE_POLL_MS, timing),
  };
}

/** A cluster that was ready a moment ago and is not found now is looked at again, not given up. */
async function access(provider: Provider, row: ProviderCreation, clusterId: string, timing: Timing): Promise<Seen> {
  try {
    return { access: await provider.access(row.region, clusterId, row.call) };
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === 'not-found')) throw error;
    return {
      detail: `${clusterId} was ready and is not found now; looking again`,
      pollMs: scaleBySpeed(OBSERVE_POLL_MS, timing),
    };
  }
}
