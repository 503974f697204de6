import pc from 'picocolors';
import type { Creation } from '../../../contracts/creation.ts';
import { formatMicros } from '../../../contracts/money.ts';
import type { RequestRecord } from '../../../contracts/reports.ts';
import type { RequestReport } from '../../views.ts';
import { moment } from '../../terminal/time.ts';
import { fields } from './fields.ts';
import { newestOf } from './newest.ts';
import { failureText, whereText } from './view.ts';

/** All that is known of a request, in sections; those that have nothing to say are left out. */
export function describeText(report: RequestReport): string {
  const { record, run, timeline, next } = report;
  const status = run?.status;
  const sections: [string, string[]][] = [
    ['Creations', newestOf(record?.creations.length ?? 0, record?.creationCount).map((line) => `  ${line}`)],
    ...(record?.creations ?? []).map((creation): [string, string[]] => creationSection(report, creation)),
    ['Clusters seen', clustersOf(record)],
    [
      'Passed over',
      (status?.skipped ?? []).map(
        (each) =>
          `  ${each.placementIndex + 1}. ${each.provider} in ${each.region}: ${pc.yellow(each.type)}: ${each.message}`,
      ),
    ],
    ['Timeline', timeline.map(({ atMs, what }) => `  ${pc.dim(moment(atMs))}  ${what}`)],
    ['Next', fields(next.map(({ command, what }) => [command, what])).map((line) => pc.cyan(line))],
  ];
  return [summary(report), ...sections.filter(([, lines]) => lines.length > 0).map(sectionText)].join('\n\n');
}

const sectionText = ([title, lines]: readonly [string, readonly string[]]): string =>
  [pc.bold(title), ...lines].join('\n');

function summary({ requestId, run, record }: RequestReport): string {
  const status = run?.status;
  const team = record?.team ?? status?.creation?.team;
  const where = run ? whereText(run.run, run.phase, status?.phase) : (record?.outcome ?? 'registered');
  const known = run ? `run ${run.run.toLowerCase().replaceAll('_', ' ')}` : 'Temporal has no run of it; by the ledger';
  return [
    `${pc.bold(requestId)}  ${where}  ${pc.dim(known)}`,
    ...fields([
      ['team', team],
      ['began', run ? moment(run.startedAtMs) : record && moment(record.registeredAtMs)],
      ['ended', momentOrNull(run ? run.closedAtMs : record?.endedAtMs)],
      [
        'placement',
        status?.creation &&
          `${status.placementIndex + 1} of ${status.placements}: ${status.creation.provider} in ${status.creation.region}`,
      ],
      ['must be ready by', momentOrNull(status?.readyDeadlineMs)],
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
  `by ${who} at ${moment(atMs)}${why === '' ? '' : `: ${why}`} (${orderIds.length === 1 ? 'order' : 'orders'} ${orderIds.join(', ')})`;

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
    ['opened', moment(creation.openedAtMs)],
    ['leased', momentOrNull(creation.leasedAtMs)],
    [creation.terms.durationMs === null ? 'funded until' : 'ends', leaseEnd(creation)],
    ['ended', momentOrNull(creation.endedAtMs)],
    ['owner', creation.owner],
    ['lease page', leaseUrls[creation.key]],
  ]);
  return [`Creation ${creation.number}  ${creation.key}`, lines];
}

const leaseEnd = ({ state, leaseUntilMs }: Creation): string | null =>
  state === 'leased' ? momentOrNull(leaseUntilMs) : null;

/** What a cluster that was leased is, or was last; of one that broke, what the provider said. */
function conditionText(creation: Creation): string | null {
  const { condition, conditionText: said, conditionAtMs } = creation;
  if (condition === null) return null;
  const since = conditionAtMs === null ? '' : ` since ${moment(conditionAtMs)}`;
  if (condition === 'ready') return `${pc.green(condition)}${since}`;
  return `${condition === 'degraded' ? pc.yellow(condition) : pc.red(condition)}${since}${said ? `: ${said}` : ''}`;
}

/** Only where there is more to say than each creation's own cluster. */
function clustersOf(record: RequestRecord | null): string[] {
  const own = new Set(record?.creations.map(({ clusterId }) => clusterId));
  const strays = record?.clusters.filter(({ clusterId }) => !own.has(clusterId)) ?? [];
  return strays.map(
    ({ key, clusterId, createdAtMs, bookedMicros }) =>
      `  ${clusterId} under ${key}, born ${moment(createdAtMs)}${bookedMicros === null ? '' : `, booked ${formatMicros(bookedMicros)}`}`,
  );
}

const momentOrNull = (ms: number | null | undefined): string | null => (ms == null ? null : moment(ms));
