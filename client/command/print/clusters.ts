import pc from 'picocolors';
import type { Creation } from '../../../contracts/creation.ts';
import { costMicros, formatMicros } from '../../../contracts/money.ts';
import type { ClusterList, LiveCluster } from '../../../contracts/reports.ts';
import { columns } from '../../terminal/columns.ts';
import { formatDuration } from '../../terminal/time.ts';
import { leaseEndText, leaseStateText } from './lease.ts';

/** Live clusters, one a line, and their total price. */
export function clustersText({ clusters, more }: ClusterList, nowMs = Date.now()): string {
  if (clusters.length === 0) return pc.dim('No live clusters. muster list shows requests in progress.');
  const text = columns(
    ['request', 'team', 'location', 'price/h', 'state', 'age', 'lease', 'cost so far'],
    clusters.map((cluster) => rowOf(cluster, nowMs)),
    [3, 7],
  );
  const billing = clusters.filter(({ creation }) => creation.condition !== 'gone');
  const hourly = billing.reduce((sum, { creation }) => sum + creation.hourlyMicros, 0);
  const count = `${clusters.length} cluster${clusters.length === 1 ? '' : 's'}`;
  const lines = [text, pc.bold(`${count}, ${formatMicros(hourly)}/h`)];
  if (more) lines.push(pc.dim('There are more. Filter by --team or --provider.'));
  return lines.join('\n');
}

function rowOf({ creation, createdAtMs }: LiveCluster, nowMs: number): string[] {
  // A provider's clock may be ahead of this one.
  const ageMs = createdAtMs === null ? null : Math.max(0, nowMs - createdAtMs);
  return [
    pc.bold(creation.requestId),
    creation.team,
    `${creation.provider} ${creation.region}`,
    formatMicros(creation.hourlyMicros),
    leaseStateText(creation),
    ageMs === null ? pc.dim('unknown') : formatDuration(ageMs),
    leaseEndText(creation, nowMs),
    createdAtMs === null
      ? pc.dim('unknown')
      : formatMicros(costMicros(creation.hourlyMicros, billedToMs(creation, nowMs) - createdAtMs)),
  ];
}

/** A cluster that is gone from its provider costs nothing from then on. */
const billedToMs = ({ condition, conditionAtMs }: Creation, nowMs: number): number =>
  condition === 'gone' ? (conditionAtMs ?? nowMs) : nowMs;
