import { DELETE_POLL_MS } from '../../contracts/limits.ts';
import { failure } from '../failures.ts';
import type { ProviderCreation } from '../ledger/provider-ledger.ts';
import { deleteCluster } from './delete-cluster.ts';
import type { FoundCluster } from './provider.ts';
import type { StepContext } from './step-context.ts';
import { scaleBySpeed } from './timing.ts';

/**
 * Deletes one late cluster by its id, never by its name.
 * @throws NotReady until the cluster no longer shows; NameTaken when another owner's cluster has the key as its name
 */
export async function removeLateCluster(context: StepContext, clusterId: string): Promise<void> {
  const { row, timing } = context;
  if (!isLateCluster(row, clusterId)) return;

  const cluster = await findToRemove(context, clusterId);
  if (cluster === 'gone') return;
  const pollMs = scaleBySpeed(DELETE_POLL_MS, timing);
  if (cluster === 'inconclusive') throw failure('NotReady', 'list and get disagree; searching again', pollMs);
  throw failure('NotReady', await deleteCluster(context, cluster), pollMs);
}

/** Whether the row's state makes this cluster a late one: an open creation may adopt it, and a lease keeps its own. */
function isLateCluster({ state, clusterId: recorded }: ProviderCreation, clusterId: string): boolean {
  switch (state) {
    case 'open':
      return false;
    case 'leased':
    case 'closing':
      return recorded !== null && recorded !== clusterId;
    case 'refused':
    case 'absent':
    case 'released':
      return true;
  }
}

/** The cluster with this id, if it is listed under exactly this key and known to be ours. */
async function findToRemove(
  { provider, row }: StepContext,
  clusterId: string,
): Promise<FoundCluster | 'gone' | 'inconclusive'> {
  const { region, key } = row;
  const listed = (await provider.list(region, key)).find(
    (cluster) => cluster.name === key && cluster.clusterId === clusterId,
  );
  const found = await provider.find(region, key, row.call);
  if (found.kind === 'taken') throw failure('NameTaken', `${found.detail}; it is not touched`);
  const isFound = found.kind === 'ours' && found.cluster.clusterId === clusterId;
  if (listed === undefined) return isFound ? 'inconclusive' : 'gone';
  // With unique names, the search by name proves that this cluster is ours only if it finds this very cluster.
  const isOurs = provider.idempotency === 'unique-name' ? isFound : found.kind === 'ours';
  return isOurs ? listed : 'inconclusive';
}
