import pc from 'picocolors';
import type { Creation } from '../../../contracts/creation.ts';
import { costMicros, formatMicros } from '../../../contracts/money.ts';
import type { ClusterList, LiveCluster } from '../../../contracts/reports.ts';
import { columns } from '../../terminal/columns.ts';
import { duration } from '../../terminal/time.ts';
import { leaseEndText, leaseStateText } from './lease.ts';

/** Live clusters, a line each, and what they come to. */
export function clustersText({ clusters, more }: ClusterList, nowMs = Date.now()): string {
  if (clusters.length === 0) return pc.dim('No cluster lives here. muster list shows what is on its way.');
  const text = columns(
    ['request', 'team', 'location', 'price/h', 'state', 'age', 'until', 'cost so far'],
    clusters.map((cluster) => rowOf(cluster, nowMs)),
    [3, 7],
  );
  const billing = clusters.filter(({ creation }) => creation.condition !== 'gone');
  const hourly = billing.reduce((sum, { creation }) => sum + creation.hourlyMicros, 0);
  const count = `${clusters.length} cluster${clusters.length === 1 ? '' : 's'}`;
  const lines = [text, pc.bold(`${count}, ${formatMicros(hourly)}/h`)];
  if (more) lines.push(pc.dim('There are more. Narrow it down by --team or --provider.'));
  return lines.join('\n');
}

function rowOf({ creation, createdAtMs }: LiveCluster, nowMs: number): string[] {
  // A provider's clock may be ahead of ours.
  const ageMs = createdAtMs === null ? null : Math.max(0, nowMs - createdAtMs);
  return [
    pc.bold(creation.requestId),
    creation.team,
    `${creation.provider} ${creation.region}`,
    formatMicros(creation.hourlyMicros),
    leaseStateText(creation),
    ageMs === null ? pc.dim('unknown') : duration(ageMs),
    leaseEndText(creation, nowMs),
    createdAtMs === null
      ? pc.dim('unknown')
      : formatMicros(costMicros(creation.hourlyMicros, billedToMs(creation, nowMs) - createdAtMs)),
  ];
}

/** What is gone from its provider costs no more. */
const billedToMs = ({ condition, conditionAtMs }: Creation, nowMs: number): number =>
  condition === 'gone' ? (conditionAtMs ?? nowMs) : nowMs;
