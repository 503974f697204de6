import type { Behaviour } from './behaviour.ts';
import type { Cluster } from './cluster.ts';
import { statusAt } from './status.ts';

/** Whether a live cluster keeps a new one from taking its name. */
export function reservesName(cluster: Cluster, { names, nameHeldUntil }: Behaviour, nowMs: number): boolean {
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
