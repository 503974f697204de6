import type { Behaviour } from './behaviour.ts';
import type { Cluster } from './cluster.ts';
import { statusAt } from './life.ts';

/** Whether a living cluster keeps its name from a new one. */
export function holdsName(cluster: Cluster, { names, nameHeldUntil }: Behaviour, nowMs: number): boolean {
  if (cluster.releasingSinceMs !== undefined && nameHeldUntil === 'release-accepted') return false;
  switch (names) {
    case 'unique':
      return true;
    case 'unique-once-running':
      return statusAt(cluster, nowMs) === 'RUNNING';
    case 'not-unique':
      return false;
  }
}
