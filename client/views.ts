import type { TimelineEntry } from '../contracts/cluster.ts';
import type { RequestStatus } from '../contracts/messages.ts';
import type { Phase } from '../contracts/phases.ts';
import type { RequestRecord } from '../contracts/reports.ts';

/** Where a request is, as far as it can be read. */
export interface RequestView {
  readonly requestId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** How Temporal sees the run: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  readonly run: string;
  /** Null where the run was stopped from outside, or has not begun. */
  readonly phase: Phase | null;
  /** Details, where a worker answered. */
  readonly status: RequestStatus | null;
  /** When this run began and ended, ms since the epoch; it ends never while null. */
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  /** Its page in the Web UI; null where the UI's address is not known. */
  readonly url: string | null;
}

/** A command that is safe to run now, and what it does. */
export interface NextStep {
  readonly command: string;
  readonly what: string;
}

/** All that is known of a request, by both memories. */
export interface RequestReport {
  readonly requestId: string;
  /** Its latest run; null where Temporal has none, or has forgotten it. */
  readonly run: RequestView | null;
  /** The ledger's record; null where nothing was ever reserved or cancelled under the id. */
  readonly record: RequestRecord | null;
  /** By key, the page of each lease in the Web UI; null where the UI's address is not known. */
  readonly leaseUrls: Readonly<Record<string, string | null>>;
  /** Its story, oldest first: told by its run, else put together from the ledger. */
  readonly timeline: readonly TimelineEntry[];
  /** Commands that are safe now. */
  readonly next: readonly NextStep[];
}
