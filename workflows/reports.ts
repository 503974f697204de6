import type { ClusterList, ClustersOrder, LedgerRequest } from '../contracts/reports.ts';
import { ledger } from './activity-options.ts';

/** All that the ledger knows of a request, also when no run of it is left; null for an id that it never heard of. */
export async function describeRequest(input: { readonly requestId: string }): Promise<LedgerRequest | null> {
  return ledger('Read the record').requestReport(input);
}

/** Clusters that are leased, or being released. */
export async function listClusters(order: ClustersOrder): Promise<ClusterList> {
  return ledger('Read the clusters').clusters(order);
}
