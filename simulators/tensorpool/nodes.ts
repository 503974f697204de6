import { randomFor } from '../core/random.ts';
import { instanceIdsOf, type Cluster } from './cluster.ts';
import { statusAt } from './life.ts';

/** One instance at one moment. */
export interface Node {
  readonly id: string;
  readonly status: string;
  /** Known once it runs. */
  readonly address: string | null;
}

/** The instances of a cluster as they are now, computed anew each time from the cluster's id and plan. */
export function nodesAt(cluster: Cluster, nowMs: number): Node[] {
  const status = statusAt(cluster, nowMs);
  return instanceIdsOf(cluster).map((id, index) => {
    // Fewer than asked for: the rest never comes up, or went down.
    const running = Math.min(cluster.granted, cluster.maxRunningNodes ?? Infinity);
    const own = status === 'RUNNING' && index >= running ? 'PENDING' : status;
    return { id, status: own, address: own === 'RUNNING' ? addressOf(cluster.id, index) : null };
  });
}

/** A public address out of a range kept for documentation (RFC 5737). */
function addressOf(clusterId: string, index: number): string {
  const network = ['192.0.2', '198.51.100', '203.0.113'][Math.floor(randomFor(clusterId, 'network').fraction() * 3)];
  return `${network ?? '192.0.2'}.${1 + (index % 254)}`;
}
