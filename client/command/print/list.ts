import pc from 'picocolors';
import type { ListedRequest, RequestList } from '../../list.ts';
import { columns } from '../../terminal/columns.ts';
import { duration } from '../../terminal/time.ts';
import { whereText } from './view.ts';

/** Requests, a line each, and whether there are more. Ids of clusters are long: JSON has them, and describe. */
export function listText({ requests, more }: RequestList, nowMs = Date.now()): string {
  if (requests.length === 0) return pc.dim('No requests match.');
  const head = ['request', 'phase', 'began', 'took', 'team', 'provider', 'region', 'reason'];
  const text = columns(
    head,
    requests.map((row) => rowOf(row, nowMs)),
  );
  if (!more) return text;
  return `${text}\n${pc.dim(`The first ${requests.length}; there are more. Raise --limit, or narrow it down by a filter.`)}`;
}

const rowOf = (row: ListedRequest, nowMs: number): string[] => [
  pc.bold(row.requestId),
  phaseOf(row),
  `${duration(nowMs - row.startedAtMs)} ago`,
  duration((row.closedAtMs ?? nowMs) - row.startedAtMs),
  row.team ?? '',
  row.provider ?? '',
  row.region ?? '',
  // A ready request may have been passed over before; that is no longer why anything happens.
  row.phase === 'ready' ? '' : (row.reason ?? ''),
];

function phaseOf(row: ListedRequest): string {
  const where = whereText(row.run, row.phase, row.lastPhase);
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
