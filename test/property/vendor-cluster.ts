import type { ObservedState } from '../../contracts/cluster.ts';
import type { Random } from './random.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Owner of the clusters that are not ours. */
export const STRANGER = 'a stranger';

/** A cluster at the vendor, with everything that will happen to it. */
export interface Cluster {
  readonly id: string;
  readonly name: string;
  /** The key that it was created under, or STRANGER. */
  readonly owner: string;
  readonly createdAtMs: number;
  readonly listedFromMs: number;
  readonly foundFromMs: number;
  /** When its creation ends, and in which state. */
  readonly doneAtMs: number;
  readonly becomes: 'ready' | 'failed' | 'creating';
  /** Sent after the right to send had ended, by a machine that stopped at the wire. A later sweep finds it. */
  readonly overdue: boolean;
  deletingFromMs: number;
  goneAtMs: number;
  /** It is still listed for a while after it is gone. */
  unlistedAtMs: number;
  vanished: boolean;
}

/** The state of a cluster at a time, as the vendor tells it. */
export function stateOf(cluster: Cluster, nowMs: number): ObservedState {
  if (cluster.goneAtMs <= nowMs) return 'gone';
  if (cluster.deletingFromMs <= nowMs) return 'deleting';
  if (nowMs < cluster.doneAtMs) return 'creating';
  // A cluster that never becomes ready fails after a while, so that it can be deleted.
  return cluster.becomes === 'creating' && nowMs > cluster.createdAtMs + 12 * MINUTE ? 'failed' : cluster.becomes;
}

/** A cluster to create, and until when both list and get must show it. */
export type NewCluster = Pick<Cluster, 'id' | 'name' | 'owner' | 'createdAtMs' | 'overdue'> & {
  readonly shownByMs: number;
};

/** A new cluster with a random future. */
export function createCluster(random: Random, { shownByMs, ...cluster }: NewCluster): Cluster {
  const { createdAtMs } = cluster;
  const shown = (): number =>
    random.chance(0.5) ? createdAtMs : random.between(createdAtMs, Math.max(createdAtMs, shownByMs));
  return {
    ...cluster,
    listedFromMs: shown(),
    foundFromMs: shown(),
    doneAtMs: createdAtMs + random.between(5, 150) * SECOND,
    becomes: random.weighted([
      [8, 'ready'],
      [1, 'failed'],
      [1, 'creating'],
    ] as const),
    deletingFromMs: Infinity,
    goneAtMs: Infinity,
    unlistedAtMs: Infinity,
    vanished: false,
  };
}

/** Starts the deletion of a cluster. */
export function startDeletion(random: Random, cluster: Cluster, nowMs: number): void {
  if (cluster.deletingFromMs !== Infinity) return;
  cluster.deletingFromMs = nowMs;
  cluster.goneAtMs = nowMs + random.between(0, 3 * MINUTE);
  cluster.unlistedAtMs = cluster.goneAtMs + (random.chance(0.3) ? random.between(0, 30 * SECOND) : 0);
}
