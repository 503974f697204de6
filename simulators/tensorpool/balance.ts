import { Refusal } from '../core/refusal.ts';
import { isGone } from '../core/visibility.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { payableNodes } from './capacity.ts';

const MS_PER_HOUR = 3_600_000;

/**
 * Refuses a creation that the account cannot pay for. The balance must last for an hour of the new cluster and of all
 * live ones; the vendor says only "insufficient balance".
 * @throws Refusal 402
 */
export function checkBalance(
  context: Context,
  instanceType: string,
  nodes: number,
  hourlyMicros: number,
  nowMs: number,
): void {
  const { account, behaviour } = context;
  const payable = payableNodes(context, instanceType, nowMs);
  if (payable !== undefined && nodes > payable) throw insufficient();
  if (behaviour.balanceMicros === undefined) return;
  const rate = account.liveClusters(nowMs).reduce((sum, cluster) => sum + cluster.hourlyMicros, hourlyMicros);
  if (behaviour.balanceMicros - spentMicros(account.state.clusters, nowMs) < rate) throw insufficient();
}

/** What all clusters have cost so far, micro-dollars, to the millisecond. */
export function spentMicros(clusters: readonly Cluster[], nowMs: number): number {
  return clusters.reduce((sum, cluster) => {
    const untilMs = isGone(cluster, nowMs) ? (cluster.goneAtMs ?? nowMs) : nowMs;
    return sum + (cluster.hourlyMicros * (untilMs - cluster.createdAtMs)) / MS_PER_HOUR;
  }, 0);
}

const insufficient = (): Refusal => new Refusal('InsufficientBalance', 'Insufficient balance', 402);
