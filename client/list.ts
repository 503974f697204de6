import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { requestWorkflowId } from '../contracts/ids.ts';
import { LIST_BATCH, LIST_DEFAULT, LIST_MAX_RUNS } from '../contracts/limits.ts';
import { LEASE_PHASES, type LeasePhase, type Phase } from '../contracts/phases.ts';
import type { SearchAttributeName } from '../contracts/search-attributes.ts';
import type { Links } from './links.ts';
import { asPhase, isStopped, phaseOfRun } from './run-phase.ts';
import { checkedLimit, latestQuery, leaseQuery, listQuery, mayHideLatest, type ListFilter } from './list-query.ts';

/** A request in a list: the latest run of its id. */
export interface ListedRequest {
  readonly requestId: string;
  /** Its phase, or how it ended; null when its run was terminated or timed out. */
  readonly phase: Phase | null;
  /** The last phase of a run that was terminated or timed out; null for all others. */
  readonly lastPhase: Phase | null;
  /** Temporal's status of the run: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  readonly run: string;
  /**
   * The state of a ready request's lease: `parked` when its cluster broke or its next slice has no money; `stopped` when
   * its workflow does not run; null when visibility has no lease.
   */
  readonly lease: LeasePhase | 'stopped' | null;
  /** What is wrong with its cluster or its lease: a LeaseReason, also one of a newer worker; null when nothing is. */
  readonly leaseReason: string | null;
  readonly team: string | null;
  /** Of its current or last creation. */
  readonly provider: string | null;
  readonly region: string | null;
  readonly reason: string | null;
  readonly clusterId: string | null;
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  /** Its page in the Web UI; null when the UI's address is not known. */
  readonly url: string | null;
}

/** Requests: running ones first, newest first; then ended ones, last ended first. */
export interface RequestList {
  readonly requests: readonly ListedRequest[];
  /** Whether there may be more matches: beyond the limit, or beyond the LIST_MAX_RUNS runs that a list reads. */
  readonly more: boolean;
}

const PREFIX = requestWorkflowId('');

/**
 * Lists requests from Temporal's visibility, which shows a change within about a second and forgets a run after the
 * namespace's retention.
 *
 * The server lists running runs first, then closed ones, last closed first: so the first run of an id is its latest. A filter
 * may hide that run. Then each match is queried again without the filter, and dropped unless it is the latest.
 * @throws InvalidFilterError, UnreachableError
 */
export async function listRequests(client: Client, links: Links, filter: ListFilter): Promise<RequestList> {
  const limit = checkedLimit(filter.limit ?? LIST_DEFAULT);
  const found: ListedRequest[] = [];
  const scan = { cutOff: false };
  for await (const batch of batches(latestRuns(client, listQuery(filter), scan), Math.min(limit + 1, LIST_BATCH))) {
    const latest = mayHideLatest(filter) ? await onlyLatest(client, batch) : batch;
    found.push(...(await withLeases(client, latest)).map((row) => ({ ...row, url: links.request(row.requestId) })));
    if (found.length > limit) break;
  }
  return { requests: found.slice(0, limit), more: found.length > limit || scan.cutOff };
}

/** The first run of each id, which is the latest that matches. Sets `cutOff` when it stops before the last run. */
async function* latestRuns(
  client: Client,
  query: string,
  scan: { cutOff: boolean },
): AsyncGenerator<WorkflowExecutionInfo> {
  const seen = new Set<string>();
  let runs = 0;
  for await (const run of client.workflow.list({ query, pageSize: LIST_BATCH })) {
    if (++runs > LIST_MAX_RUNS) {
      scan.cutOff = true;
      return;
    }
    if (seen.has(run.workflowId) || !isRequest(run.workflowId)) continue;
    seen.add(run.workflowId);
    yield run;
  }
}

/** Whether an id is one of ours. Other ids may contain characters that break a query. */
const isRequest = (workflowId: string): boolean =>
  workflowId.startsWith(PREFIX) && /^[a-z0-9-]+$/.test(workflowId.slice(PREFIX.length));

async function* batches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function onlyLatest(client: Client, batch: readonly WorkflowExecutionInfo[]): Promise<WorkflowExecutionInfo[]> {
  const latest = new Map<string, string>();
  const query = latestQuery(batch.map(({ workflowId }) => workflowId));
  for await (const run of latestRuns(client, query, { cutOff: false })) {
    latest.set(run.workflowId, run.runId);
  }
  return batch.filter(({ workflowId, runId }) => (latest.get(workflowId) ?? runId) === runId);
}

type Row = Omit<ListedRequest, 'url'>;

/** Adds the lease of each ready request: the request's own run ended before its lease began to change. */
async function withLeases(client: Client, batch: readonly WorkflowExecutionInfo[]): Promise<Row[]> {
  const rows = batch.map(rowOf);
  const clusterIds = rows.flatMap(({ phase, clusterId }) =>
    phase === 'ready' && clusterId !== null && !clusterId.includes("'") ? [clusterId] : [],
  );
  if (clusterIds.length === 0) return rows;
  const leases = new Map<string, Pick<Row, 'lease' | 'leaseReason'>>();
  for await (const run of client.workflow.list({ query: leaseQuery(clusterIds), pageSize: LIST_BATCH })) {
    const clusterId = attribute(run, 'MusterClusterId');
    if (clusterId !== null && !leases.has(clusterId)) leases.set(clusterId, leaseOf(run));
  }
  return rows.map((row) => ({ ...row, ...leases.get(row.clusterId ?? '') }));
}

function leaseOf(run: WorkflowExecutionInfo): Pick<Row, 'lease' | 'leaseReason'> {
  const isRunning = run.status.name === 'RUNNING';
  if (!isRunning && run.status.name !== 'COMPLETED') return { lease: 'stopped', leaseReason: null };
  const shown = attribute(run, 'MusterPhase');
  const lease = LEASE_PHASES.find((phase) => phase === shown) ?? null;
  // The MusterReason of an ended lease says why it ended, not what is wrong.
  return { lease, leaseReason: isRunning && lease !== 'releasing' ? attribute(run, 'MusterReason') : null };
}

const attribute = (run: WorkflowExecutionInfo, name: SearchAttributeName): string | null =>
  run.typedSearchAttributes.get(defineSearchAttributeKey(name, 'KEYWORD')) ?? null;

function rowOf(run: WorkflowExecutionInfo): Row {
  const last = asPhase(attribute(run, 'MusterPhase')) ?? 'planning';
  return {
    requestId: run.workflowId.slice(PREFIX.length),
    phase: phaseOfRun(run.status.name, last),
    lastPhase: isStopped(run.status.name) ? last : null,
    run: run.status.name,
    lease: null,
    leaseReason: null,
    team: attribute(run, 'MusterTeam'),
    provider: attribute(run, 'MusterProvider'),
    region: attribute(run, 'MusterRegion'),
    reason: attribute(run, 'MusterReason'),
    clusterId: attribute(run, 'MusterClusterId'),
    workflowId: run.workflowId,
    runId: run.runId,
    startedAtMs: run.startTime.getTime(),
    closedAtMs: run.closeTime?.getTime() ?? null,
  };
}
