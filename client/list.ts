import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { requestWorkflowId } from '../contracts/ids.ts';
import { LIST_BATCH, LIST_DEFAULT, LIST_MAX_RUNS } from '../contracts/limits.ts';
import type { Phase } from '../contracts/phases.ts';
import type { SearchAttributeName } from '../contracts/search-attributes.ts';
import type { Links } from './links.ts';
import { asPhase, isStopped, phaseOfRun } from './run-phase.ts';
import { checkedLimit, latestQuery, leaseQuery, listQuery, mayHideLatest, type ListFilter } from './list-query.ts';

/** A request in a list: the latest run of its id. */
export interface ListedRequest {
  readonly requestId: string;
  /** Where it is, or how it ended; null where its run was stopped from outside, and so is nowhere. */
  readonly phase: Phase | null;
  /** The phase that a run stopped from outside was last in; null for all others. */
  readonly lastPhase: Phase | null;
  /** How Temporal sees the run: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  readonly run: string;
  /**
   * Of a ready request, what became of its cluster: `parked` where it broke or its next slice of time has no money;
   * `stopped` where nobody runs its lease, null where nobody tells.
   */
  readonly lease: 'leased' | 'parked' | 'releasing' | 'released' | 'stopped' | null;
  /** What is amiss with its cluster or its lease, such as ClusterVanished, Unfunded or EndsSoon; null where nothing is. */
  readonly leaseReason: string | null;
  readonly team: string | null;
  /** Of the creation at hand, or the last. */
  readonly provider: string | null;
  readonly region: string | null;
  readonly reason: string | null;
  readonly clusterId: string | null;
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  /** Its page in the Web UI; null where the UI's address is not known. */
  readonly url: string | null;
}

/** Requests: those that go on first, newest first, then those that ended, last ended first. */
export interface RequestList {
  readonly requests: readonly ListedRequest[];
  /** Whether more match than were asked for, or more ran than are looked through. */
  readonly more: boolean;
}

const PREFIX = requestWorkflowId('');

/**
 * Lists requests from Temporal's visibility, which learns of a change within moments and forgets a run after the
 * namespace's retention.
 *
 * The server tells running runs first and then those that closed last, so the first run of an id is its latest. A filter
 * may leave that one out; then each match is looked up again without the filter, and dropped unless it is the latest.
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

/** The first run of each id, which is the latest that matches; notes whether it gave up before the last. */
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

/** Runs that somebody else started under another kind of id are not ours to show; nor may their ids enter a query. */
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

/** A ready request says nothing of its cluster's life: its lease does. */
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
  const lease = attribute(run, 'MusterPhase') as Row['lease'];
  // Of one that has ended it tells why it ended.
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
