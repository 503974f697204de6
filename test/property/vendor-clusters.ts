import type { ObservedState } from '../../contracts/cluster.ts';
import type { Random } from './random.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Owner of what is not ours. */
export const STRANGER = 'a stranger';

/** A cluster at the vendor, as it really is. */
export interface Cluster {
  readonly id: string;
  readonly name: string;
  /** Whose it is; another key, or nobody of ours. */
  readonly owner: string;
  readonly createdAtMs: number;
  readonly listedFromMs: number;
  readonly foundFromMs: number;
  /** When creating ends, and in what. */
  readonly doneAtMs: number;
  readonly becomes: 'ready' | 'failed' | 'creating';
  /** Sent after the right to send had ended, by a worker that froze on the wire: found by a later sweep. */
  readonly overdue: boolean;
  deletingFromMs: number;
  goneAtMs: number;
  /** Still listed for a while after it is gone. */
  unlistedAtMs: number;
  vanished: boolean;
}

/** What a cluster is at a time, as the vendor would say. */
export function stateOf(cluster: Cluster, nowMs: number): ObservedState {
  if (cluster.goneAtMs <= nowMs) return 'gone';
  if (cluster.deletingFromMs <= nowMs) return 'deleting';
  if (nowMs < cluster.doneAtMs) return 'creating';
  // One that never becomes ready may be deleted after a while.
  return cluster.becomes === 'creating' && nowMs > cluster.createdAtMs + 12 * MINUTE ? 'failed' : cluster.becomes;
}

/** Who is born, when, and until when both ways of looking must show it. */
export type Birth = Pick<Cluster, 'id' | 'name' | 'owner' | 'createdAtMs' | 'overdue'> & { readonly shownByMs: number };

/** A new cluster, its life drawn by chance. */
export function born(random: Random, { shownByMs, ...birth }: Birth): Cluster {
  const { createdAtMs } = birth;
  const shown = (): number =>
    random.chance(0.5) ? createdAtMs : random.between(createdAtMs, Math.max(createdAtMs, shownByMs));
  return {
    ...birth,
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

/** Its deletion has begun. */
export function beginDeletion(random: Random, cluster: Cluster, nowMs: number): void {
  if (cluster.deletingFromMs !== Infinity) return;
  cluster.deletingFromMs = nowMs;
  cluster.goneAtMs = nowMs + random.between(0, 3 * MINUTE);
  cluster.unlistedAtMs = cluster.goneAtMs + (random.chance(0.3) ? random.between(0, 30 * SECOND) : 0);
}
