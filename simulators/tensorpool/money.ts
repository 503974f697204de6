import type { Cluster } from './cluster.ts';
import type { Setting } from './context.ts';
import { payableNodes } from './capacity.ts';
import { Refusal } from './errors.ts';
import { isGone } from './life.ts';

const MS_PER_HOUR = 3_600_000;

/**
 * Refuses a creation that the account cannot pay for: an hour of it and of all that lives must be there. The vendor
 * only says "insufficient balance".
 * @throws Refusal 402
 */
export function checkBalance(
  setting: Setting,
  instanceType: string,
  nodes: number,
  hourlyMicros: number,
  nowMs: number,
): void {
  const { account, behaviour } = setting;
  const { clusters, quotas } = account.state;
  const payable = payableNodes(instanceType, [...setting.quotas, ...quotas], clusters, nowMs);
  if (payable !== undefined && nodes > payable) throw insufficient();
  if (behaviour.balanceMicros === undefined) return;
  const rate = account.living(nowMs).reduce((sum, cluster) => sum + cluster.hourlyMicros, hourlyMicros);
  if (behaviour.balanceMicros - spentMicros(clusters, nowMs) < rate) throw insufficient();
}

/** What all clusters have cost so far, to the millisecond. */
export function spentMicros(clusters: readonly Cluster[], nowMs: number): number {
  return clusters.reduce((sum, cluster) => {
    const untilMs = isGone(cluster, nowMs) ? (cluster.goneAtMs ?? nowMs) : nowMs;
    return sum + (cluster.hourlyMicros * (untilMs - cluster.createdAtMs)) / MS_PER_HOUR;
  }, 0);
}

const insufficient = (): Refusal => new Refusal(402, 'InsufficientBalance', 'Insufficient balance');
