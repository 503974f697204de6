import type { ProviderCreation, ProviderLedger } from '../ledger/provider-ledger.ts';
import { toObservedCluster } from './booking.ts';
import { ProviderError } from './errors.ts';
import type { FoundCluster, Provider } from './provider.ts';

/** Books the sighting, then asks for deletion by id. What it did, in words. */
export async function remove(
  provider: Provider,
  providerLedger: ProviderLedger,
  row: ProviderCreation,
  cluster: FoundCluster,
): Promise<string> {
  await providerLedger.recordObserved(row.key, toObservedCluster(cluster, row));
  if (cluster.state === 'deleting') return `${cluster.clusterId} is being deleted`;
  try {
    await provider.delete(row.region, cluster.clusterId, row.call);
    return `asked to delete ${cluster.clusterId}`;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'conflict') {
      return `${cluster.clusterId} is ${cluster.state} and cannot be deleted yet: ${error.message}`;
    }
    throw error;
  }
}
