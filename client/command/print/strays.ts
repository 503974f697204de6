import pc from 'picocolors';
import type { Stray, UnreachableLocation } from '../../../contracts/findings.ts';
import type { Location } from '../../../contracts/health.ts';
import { costMicros, formatMicros } from '../../../contracts/money.ts';
import type { StrayReport } from '../../audits.ts';
import { columns } from '../../terminal/columns.ts';
import { duration } from '../../terminal/time.ts';

/** Clusters that the ledger does not know, a line each, what they put at risk, and what one may do about them. */
export function strayText(report: StrayReport, nowMs = Date.now()): string {
  const { strays, more, searched, unreachable, foreignClusters } = report;
  const lines = strays.length === 0 ? [noneText(searched)] : [tableOf(strays, nowMs), totalText(strays)];
  if (more) lines.push(pc.dim('There are more than an answer lists.'));
  if (foreignClusters > 0) lines.push(pc.dim(othersText(foreignClusters)));
  lines.push(...unreachable.map(unseenText));
  if (strays.length > 0) lines.push('', WHAT_TO_DO);
  return lines.join('\n');
}

/** A place where nobody could look. */
export const unseenText = ({ provider, region, why }: UnreachableLocation): string =>
  pc.yellow(`${provider} in ${region} was not seen: ${why}`);

/** Clusters of other installations, which are only counted. */
export const othersText = (count: number): string =>
  count === 1 ? '1 cluster of another installation.' : `${count} clusters of other installations.`;

const WHAT_TO_DO =
  'Nothing touches them. What nobody needs is deleted by hand, at its provider; what this ledger should know,\n' +
  `as after it was restored from a backup, is put back by ${pc.cyan('muster audit --rebuild')}.`;

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
    stray.createdAtMs === null ? UNKNOWN : duration(Math.max(0, nowMs - stray.createdAtMs)),
    stray.hourlyMicros === null ? UNKNOWN : formatMicros(stray.hourlyMicros),
    riskText(stray, nowMs),
  ]);
  return columns(['provider', 'region', 'cluster', 'name', 'state', 'age', 'price/h', 'at risk'], rows, [6, 7]);
}

const UNKNOWN = pc.dim('unknown');

/** What it has cost since its birth: money that no hold covers. */
const riskText = ({ createdAtMs, hourlyMicros }: Stray, nowMs: number): string =>
  createdAtMs === null || hourlyMicros === null ? UNKNOWN : formatMicros(costMicros(hourlyMicros, nowMs - createdAtMs));

function totalText(strays: readonly Stray[]): string {
  const priced = strays.flatMap(({ hourlyMicros }) => hourlyMicros ?? []);
  const hourly = formatMicros(priced.reduce((sum, micros) => sum + micros, 0));
  const unpriced = strays.length - priced.length;
  const parts = [
    `${strays.length} stray${strays.length === 1 ? '' : 's'}`,
    ...(priced.length > 0 ? [`${hourly} at risk an hour`] : []),
    ...(unpriced > 0 ? [`${unpriced} of unknown price`] : []),
  ];
  return pc.red(parts.join(', '));
}
