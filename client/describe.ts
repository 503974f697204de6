import type { TimelineEntry } from '../contracts/cluster.ts';
import type { Creation } from '../contracts/creation.ts';
import type { RequestRecord } from '../contracts/reports.ts';
import { NotFoundError } from './errors.ts';
import type { Links } from './links.ts';
import { nextSteps } from './next-steps.ts';
import type { RequestReport, RequestView } from './views.ts';

/** Where a report comes from. */
export interface ReportSources {
  /** @throws NotFoundError when Temporal has no run of the request */
  status(requestId: string): Promise<RequestView>;
  record(requestId: string): Promise<RequestRecord | null>;
  readonly links: Links;
}

/** Combines what Temporal and the ledger know of a request. @throws NotFoundError when neither knows its id */
export async function describeRequest(sources: ReportSources, requestId: string): Promise<RequestReport> {
  const [run, record] = await Promise.all([
    sources.status(requestId).catch((error: unknown) => {
      if (error instanceof NotFoundError) return null;
      throw error;
    }),
    sources.record(requestId),
  ]);
  if (run === null && record === null) {
    throw new NotFoundError(
      'invalid',
      `request "${requestId}" does not exist: neither Temporal nor the ledger knows it`,
      'Check its id.',
      { next: 'muster list' },
    );
  }
  const leased = record?.creations.filter(({ leasedAtMs }) => leasedAtMs !== null) ?? [];
  const runTimeline = run?.status?.timeline ?? [];
  return {
    requestId,
    run,
    record,
    leaseUrls: Object.fromEntries(leased.map(({ key, number }) => [key, sources.links.lease(requestId, number)])),
    timeline: runTimeline.length > 0 ? runTimeline : timelineOf(record),
    next: nextSteps({ requestId, run, record }),
  };
}

/** The times of the ledger's record as a timeline, for a request whose run is gone. */
function timelineOf(record: RequestRecord | null): TimelineEntry[] {
  if (record === null) return [];
  const entries: { atMs: number | null; what: string }[] = [
    { atMs: record.registeredAtMs, what: 'registered in the ledger' },
    ...record.creations.flatMap(creationEntries),
    { atMs: record.cancel?.atMs ?? null, what: `cancelled by ${record.cancel?.who ?? ''}` },
    { atMs: record.endedAtMs, what: record.outcome ?? 'ended' },
  ];
  return entries
    .filter((entry): entry is TimelineEntry => entry.atMs !== null)
    .toSorted((one, other) => one.atMs - other.atMs);
}

const creationEntries = ({ key, state, why, openedAtMs, leasedAtMs, endedAtMs }: Creation) => [
  { atMs: openedAtMs, what: `opened ${key}` },
  { atMs: leasedAtMs, what: `leased ${key}` },
  { atMs: endedAtMs, what: `${key} ${state}${why === null ? '' : `: ${why}`}` },
];
