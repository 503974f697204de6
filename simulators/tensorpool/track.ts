import { randomFor } from '../core/random.ts';
import type { Cluster } from './cluster.ts';
import type { Setting } from './context.ts';
import type { TrackedRequest } from './requests.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Notes an operation that was accepted. */
export function track(
  { account, durations, seed }: Setting,
  type: TrackedRequest['type'],
  cluster: Cluster,
  nowMs: number,
): TrackedRequest {
  const request: TrackedRequest = {
    id: `r-${randomFor(seed, 'request', account.nextIncarnation()).text(ALPHABET, 12)}`,
    type,
    clusterId: cluster.id,
    createdAtMs: nowMs,
    ...(type === 'CLUSTER_EDIT' ? { doneAtMs: nowMs + durations.editingMs } : {}),
  };
  account.state.requests.push(request);
  return request;
}
