import { randomFor } from '../core/random.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import type { TrackedRequest } from './requests.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Records a request that was accepted. */
export function trackRequest(
  { account, durations, seed }: Context,
  type: TrackedRequest['type'],
  cluster: Cluster,
  nowMs: number,
): TrackedRequest {
  const request: TrackedRequest = {
    id: `r-${randomFor(seed, 'request', account.nextNumber()).text(ALPHABET, 12)}`,
    type,
    clusterId: cluster.id,
    createdAtMs: nowMs,
    ...(type === 'CLUSTER_EDIT' ? { doneAtMs: nowMs + durations.editingMs } : {}),
  };
  account.state.requests.push(request);
  return request;
}
