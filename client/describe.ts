import type { TimelineEntry } from '../contracts/cluster.ts';
import type { Creation } from '../contracts/creation.ts';
import type { RequestRecord } from '../contracts/reports.ts';
import { NotFoundError } from './errors.ts';
import type { Links } from './links.ts';
import { nextSteps } from './next-steps.ts';
import type { RequestReport, RequestView } from './views.ts';

/** What one asks for a report. */
export interface ReportSources {
  /** @throws NotFoundError where Temporal has no run of it */
  status(requestId: string): Promise<RequestView>;
  record(requestId: string): Promise<RequestRecord | null>;
  readonly links: Links;
}

/** Puts together what Temporal and the ledger know. @throws NotFoundError where neither knows the id */
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
  const told = run?.status?.timeline ?? [];
  return {
    requestId,
    run,
    record,
    leaseUrls: Object.fromEntries(leased.map(({ key, number }) => [key, sources.links.lease(requestId, number)])),
    timeline: told.length > 0 ? told : storyOf(record),
    next: nextSteps({ requestId, run, record }),
  };
}

/** The ledger's own moments as a story, for a request whose run is gone. */
function storyOf(record: RequestRecord | null): TimelineEntry[] {
  if (record === null) return [];
  const entries: { atMs: number | null; what: string }[] = [
    { atMs: record.registeredAtMs, what: 'registered in the ledger' },
    ...record.creations.flatMap(momentsOf),
    { atMs: record.cancel?.atMs ?? null, what: `cancelled by ${record.cancel?.who ?? ''}` },
    { atMs: record.endedAtMs, what: record.outcome ?? 'ended' },
  ];
  return entries
    .filter((entry): entry is TimelineEntry => entry.atMs !== null)
    .toSorted((one, other) => one.atMs - other.atMs);
}

const momentsOf = ({ key, state, why, openedAtMs, leasedAtMs, endedAtMs }: Creation) => [
  { atMs: openedAtMs, what: `opened ${key}` },
  { atMs: leasedAtMs, what: `leased ${key}` },
  { atMs: endedAtMs, what: `${key} ${state}${why === null ? '' : `: ${why}`}` },
];
