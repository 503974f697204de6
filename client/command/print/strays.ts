import pc from 'picocolors';
import type { Stray, UnreachableLocation } from '../../../contracts/findings.ts';
import type { Location } from '../../../contracts/health.ts';
import { costMicros, formatMicros } from '../../../contracts/money.ts';
import type { StrayReport } from '../../audits.ts';
import { columns } from '../../terminal/columns.ts';
import { formatDuration } from '../../terminal/time.ts';

/** Clusters that the ledger does not know, one a line, what they cost, and what to do about them. */
export function strayText(report: StrayReport, nowMs = Date.now()): string {
  const { strays, more, searched, unreachable, foreignClusters } = report;
  const lines = strays.length === 0 ? [noneText(searched)] : [tableOf(strays, nowMs), totalText(strays)];
  if (more) lines.push(pc.dim('There are more than an answer lists.'));
  if (foreignClusters > 0) lines.push(pc.dim(othersText(foreignClusters)));
  lines.push(...unreachable.map(unreachableText));
  if (strays.length > 0) lines.push('', WHAT_TO_DO);
  return lines.join('\n');
}

/** A location that could not be searched, and why. */
export const unreachableText = ({ provider, region, why }: UnreachableLocation): string =>
  pc.yellow(`${provider} in ${region} was not searched: ${why}`);

/** How many clusters belong to other installations. */
export const othersText = (count: number): string =>
  count === 1 ? '1 cluster of another installation.' : `${count} clusters of other installations.`;

const WHAT_TO_DO =
  'Muster does not touch them. Delete those that are not needed by hand, at their provider. If the ledger lost them, as after\n' +
  `a restore from a backup, restore their rows: ${pc.cyan('muster audit --rebuild')}.`;

const noneText = (searched: readonly Location[]): string =>
  searched.length === 0
    ? pc.yellow('No location could be searched.')
    : `${pc.green('No strays')} in ${searched.map(({ provider, region }) => `${provider} ${region}`).join(', ')}.`;

function tableOf(strays: readonly Stray[], nowMs: number): string {
  const rows = strays.map((stray) => [
    stray.provider,
    stray.region,
    pc.bold(stray.clusterId),
    stray.name === stray.clusterId ? '' : stray.name,
    stray.state,
    stray.createdAtMs === null ? UNKNOWN : formatDuration(Math.max(0, nowMs - stray.createdAtMs)),
    stray.hourlyMicros === null ? UNKNOWN : formatMicros(stray.hourlyMicros),
    costText(stray, nowMs),
  ]);
  return columns(['provider', 'region', 'cluster', 'name', 'state', 'age', 'price/h', 'cost so far'], rows, [6, 7]);
}

const UNKNOWN = pc.dim('unknown');

/** What it has cost since its creation: money that no hold covers. */
const costText = ({ createdAtMs, hourlyMicros }: Stray, nowMs: number): string =>
  createdAtMs === null || hourlyMicros === null ? UNKNOWN : formatMicros(costMicros(hourlyMicros, nowMs - createdAtMs));

function totalText(strays: readonly Stray[]): string {
  const priced = strays.flatMap(({ hourlyMicros }) => hourlyMicros ?? []);
  const hourly = formatMicros(priced.reduce((sum, micros) => sum + micros, 0));
  const unpriced = strays.length - priced.length;
  const parts = [
    `${strays.length} stray${strays.length === 1 ? '' : 's'}`,
    ...(priced.length > 0 ? [`${hourly}/h not covered by a hold`] : []),
    ...(unpriced > 0 ? [`${unpriced} of unknown price`] : []),
  ];
  return pc.red(parts.join(', '));
}
