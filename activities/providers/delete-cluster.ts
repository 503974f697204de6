import { toObservedCluster } from './booking.ts';
import { ProviderError } from './errors.ts';
import type { FoundCluster } from './provider.ts';
import type { StepContext } from './step-context.ts';

/** Records the cluster as observed, so that it is booked, and then asks for its deletion by id. Says what it did. */
export async function deleteCluster({ provider, ledger, row }: StepContext, cluster: FoundCluster): Promise<string> {
  await ledger.recordObserved(row.key, toObservedCluster(cluster, row));
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
