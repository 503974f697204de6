import pc from 'picocolors';
import type { Creation } from '../../../contracts/creation.ts';
import { formatMicros } from '../../../contracts/money.ts';
import type { RequestRecord } from '../../../contracts/reports.ts';
import type { RequestReport } from '../../views.ts';
import { formatTime } from '../../terminal/time.ts';
import { fields } from './fields.ts';
import { newestNote } from './newest.ts';
import { failureText, runPhaseText } from './status.ts';

/** All that is known of a request, in sections; empty sections are left out. */
export function describeText(report: RequestReport): string {
  const { record, run, timeline, next } = report;
  const status = run?.status;
  const sections: [string, string[]][] = [
    ['Creations', newestNote(record?.creations.length ?? 0, record?.creationCount).map((line) => `  ${line}`)],
    ...(record?.creations ?? []).map((creation): [string, string[]] => creationSection(report, creation)),
    ['Other clusters', otherClusters(record)],
    [
      'Skipped placements',
      (status?.skipped ?? []).map(
        ({ placementIndex, provider, region, type, message }) =>
          `  ${placementIndex + 1}. ${provider} in ${region}: ${pc.yellow(type)}: ${message}`,
      ),
    ],
    ['Timeline', timeline.map(({ atMs, what }) => `  ${pc.dim(formatTime(atMs))}  ${what}`)],
    ['Next', fields(next.map(({ command, what }) => [command, what])).map((line) => pc.cyan(line))],
  ];
  return [summary(report), ...sections.filter(([, lines]) => lines.length > 0).map(sectionText)].join('\n\n');
}

const sectionText = ([title, lines]: readonly [string, readonly string[]]): string =>
  [pc.bold(title), ...lines].join('\n');

function summary({ requestId, run, record }: RequestReport): string {
  const status = run?.status;
  const team = record?.team ?? status?.creation?.team;
  const where = run ? runPhaseText(run.run, run.phase, status?.phase) : (record?.outcome ?? 'registered');
  const known = run
    ? `run ${run.run.toLowerCase().replaceAll('_', ' ')}`
    : 'Temporal has no run of it; from the ledger';
  return [
    `${pc.bold(requestId)}  ${where}  ${pc.dim(known)}`,
    ...fields([
      ['team', team],
      ['started', run ? formatTime(run.startedAtMs) : record && formatTime(record.registeredAtMs)],
      ['ended', formatTimeOrNull(run ? run.closedAtMs : record?.endedAtMs)],
      [
        'placement',
        status?.creation &&
          `${status.placementIndex + 1} of ${status.placements}: ${status.creation.provider} in ${status.creation.region}`,
      ],
      ['must be ready by', formatTimeOrNull(status?.readyDeadlineMs)],
      ['failure', failureText(run)],
      ['held', record && formatMicros(record.heldMicros)],
      ['cost so far', record && formatMicros(record.costMicros)],
      ['cancel', record?.cancel && cancelText(record.cancel)],
      ['cancels lifted', record?.liftedCancelIds.join(', ')],
      ['run', run?.runId],
      ['page', run?.url],
    ]),
  ].join('\n');
}

const cancelText = ({ atMs, who, why, orderIds }: NonNullable<RequestRecord['cancel']>): string =>
  `by ${who} at ${formatTime(atMs)}${why === '' ? '' : `: ${why}`} (${orderIds.length === 1 ? 'order' : 'orders'} ${orderIds.join(', ')})`;

function creationSection({ leaseUrls }: RequestReport, creation: Creation): [string, string[]] {
  const lines = fields([
    ['state', creation.state],
    ['condition', conditionText(creation)],
    ['placement', `${creation.placementIndex + 1}: ${creation.provider} in ${creation.region}`],
    ['price', `${formatMicros(creation.hourlyMicros)}/h`],
    [creation.endedAtMs === null ? 'held' : 'was held', formatMicros(creation.holdMicros)],
    ['cost', creation.costMicros === null ? null : formatMicros(creation.costMicros)],
    ['why', creation.why && `${creation.why}${creation.whyText ? `: ${creation.whyText}` : ''}`],
    ['cluster', creation.clusterId],
    ['opened', formatTime(creation.openedAtMs)],
    ['leased', formatTimeOrNull(creation.leasedAtMs)],
    [creation.terms.durationMs === null ? 'funded until' : 'ends', leaseEnd(creation)],
    ['ended', formatTimeOrNull(creation.endedAtMs)],
    ['owner', creation.owner],
    ['lease page', leaseUrls[creation.key]],
  ]);
  return [`Creation ${creation.number}  ${creation.key}`, lines];
}

const leaseEnd = ({ state, leaseUntilMs }: Creation): string | null =>
  state === 'leased' ? formatTimeOrNull(leaseUntilMs) : null;

/** The last condition of a leased cluster; of a broken one also the provider's text. */
function conditionText(creation: Creation): string | null {
  const { condition, conditionText: said, conditionAtMs } = creation;
  if (condition === null) return null;
  const since = conditionAtMs === null ? '' : ` since ${formatTime(conditionAtMs)}`;
  if (condition === 'ready') return `${pc.green(condition)}${since}`;
  return `${condition === 'degraded' ? pc.yellow(condition) : pc.red(condition)}${since}${said ? `: ${said}` : ''}`;
}

/** Clusters with a creation's key other than the creation's own cluster. */
function otherClusters(record: RequestRecord | null): string[] {
  const own = new Set(record?.creations.map(({ clusterId }) => clusterId));
  const others = record?.clusters.filter(({ clusterId }) => !own.has(clusterId)) ?? [];
  return others.map(
    ({ key, clusterId, createdAtMs, bookedMicros }) =>
      `  ${clusterId} with the key ${key}, created ${formatTime(createdAtMs)}${bookedMicros === null ? '' : `, booked ${formatMicros(bookedMicros)}`}`,
  );
}

const formatTimeOrNull = (ms: number | null | undefined): string | null => (ms == null ? null : formatTime(ms));
