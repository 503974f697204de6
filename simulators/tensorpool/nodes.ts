import { randomFor } from '../core/random.ts';
import { instanceIdsOf, type Cluster } from './cluster.ts';
import { statusAt } from './status.ts';

/** One instance at one moment. */
export interface Node {
  readonly id: string;
  readonly status: string;
  /** Null until it runs. */
  readonly address: string | null;
}

/** The instances of a cluster at a time. They are not stored: the cluster's id and plan decide them. */
export function nodesAt(cluster: Cluster, nowMs: number): Node[] {
  const status = statusAt(cluster, nowMs);
  return instanceIdsOf(cluster).map((id, index) => {
    // The rest never starts, or is down.
    const running = Math.min(cluster.grantedNodes, cluster.maxRunningNodes ?? Infinity);
    const own = status === 'RUNNING' && index >= running ? 'PENDING' : status;
    return { id, status: own, address: own === 'RUNNING' ? addressOf(cluster.id, index) : null };
  });
}

/** A public address from the ranges for documentation (RFC 5737). */
function addressOf(clusterId: string, index: number): string {
  const network = ['192.0.2', '198.51.100', '203.0.113'][Math.floor(randomFor(clusterId, 'network').fraction() * 3)];
  return `${network ?? '192.0.2'}.${1 + (index % 254)}`;
}
