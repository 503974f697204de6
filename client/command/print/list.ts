import pc from 'picocolors';
import type { ListedRequest, RequestList } from '../../list.ts';
import { columns } from '../../terminal/columns.ts';
import { formatDuration } from '../../terminal/time.ts';
import { runPhaseText } from './status.ts';

/** Requests, one a line, and whether there are more. Cluster ids are too long for a line: JSON and describe have them. */
export function listText({ requests, more }: RequestList, nowMs = Date.now()): string {
  if (requests.length === 0) return pc.dim('No requests match.');
  const head = ['request', 'phase', 'started', 'duration', 'team', 'provider', 'region', 'reason'];
  const text = columns(
    head,
    requests.map((row) => rowOf(row, nowMs)),
  );
  if (!more) return text;
  return `${text}\n${pc.dim(`These are the first ${requests.length}; there are more. Raise --limit, or use a filter.`)}`;
}

const rowOf = (row: ListedRequest, nowMs: number): string[] => [
  pc.bold(row.requestId),
  phaseOf(row),
  `${formatDuration(nowMs - row.startedAtMs)} ago`,
  formatDuration((row.closedAtMs ?? nowMs) - row.startedAtMs),
  row.team ?? '',
  row.provider ?? '',
  row.region ?? '',
  // The reason of a ready request is why it skipped an earlier placement.
  row.phase === 'ready' ? '' : (row.reason ?? ''),
];

function phaseOf(row: ListedRequest): string {
  const where = runPhaseText(row.run, row.phase, row.lastPhase);
  switch (row.lease) {
    case 'releasing':
    case 'released':
      return `${where} ${pc.dim(`(${row.lease})`)}`;
    case 'parked':
      return `${where} ${pc.yellow(`(lease parked${row.leaseReason === null ? '' : `: ${row.leaseReason}`})`)}`;
    case 'stopped':
      return `${where} ${pc.red('(lease stopped)')}`;
    case 'leased':
      return row.leaseReason === null ? where : `${where} ${pc.yellow(`(${row.leaseReason})`)}`;
    case null:
      return where;
  }
}
