import type { TimelineEntry } from '../contracts/cluster.ts';
import type { RequestStatus } from '../contracts/messages.ts';
import type { Phase } from '../contracts/phases.ts';
import type { RequestRecord } from '../contracts/reports.ts';

/** The state of a request's latest run. */
export interface RequestView {
  readonly requestId: string;
  readonly workflowId: string;
  readonly runId: string;
  /** Temporal's status of the run: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  readonly run: string;
  /** Null when the run was terminated or timed out, or has not started yet. */
  readonly phase: Phase | null;
  /** Details; null when no worker answered. */
  readonly status: RequestStatus | null;
  /** Start and end of this run, ms since the epoch; the end is null while it runs. */
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  /** Its page in the Web UI; null when the UI's address is not known. */
  readonly url: string | null;
}

/** A command that is safe to run now, with what it does. */
export interface NextStep {
  readonly command: string;
  readonly what: string;
}

/** All that Temporal and the ledger know of a request. */
export interface RequestReport {
  readonly requestId: string;
  /** Its latest run; null when Temporal has none, or has forgotten it. */
  readonly run: RequestView | null;
  /** The ledger's record; null when nothing was ever reserved or cancelled under the id. */
  readonly record: RequestRecord | null;
  /** The Web UI page of each lease, by the creation's key; null when the UI's address is not known. */
  readonly leaseUrls: Readonly<Record<string, string | null>>;
  /** What happened, oldest first: by its run, or by the ledger when the run is gone. */
  readonly timeline: readonly TimelineEntry[];
  /** Commands that are safe now. */
  readonly next: readonly NextStep[];
}
