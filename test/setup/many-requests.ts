import type { Client } from '@temporalio/client';
import { aRequest } from '../builders/request.ts';
import type { Harness } from './harness.ts';
import { until } from './until.ts';

/** Requests that are submitted in parallel. */
const AT_ONCE = 25;

/** Requests that the message of a failure names. */
const NAMED_IN_FAILURE = 3;

/** Hundreds of requests may be slow on a machine that other tests share. */
const TIMEOUT_MS = 180_000;

/** Many requests at SageMaker in one region. */
export interface ManyRequests {
  readonly region: string;
  readonly requestIds: readonly string[];
  /** Waits until every request has a cluster and waits for it. */
  untilAllWait(): Promise<void>;
  untilAllReady(): Promise<void>;
}

/**
 * Submits requests through the client library.
 * @param readyTimeoutMs must be longer than any of them waits
 */
export async function submitMany(
  { muster, client }: Harness,
  { size, region, readyTimeoutMs }: { size: number; region: string; readyTimeoutMs: number },
): Promise<ManyRequests> {
  const requestIds = Array.from({ length: size }, (_, index) => `${region}-${index}`);
  for (let from = 0; from < size; from += AT_ONCE) {
    const some = requestIds.slice(from, from + AT_ONCE);
    await Promise.all(some.map((requestId) => muster.submit(aRequest(requestId, [region], { readyTimeoutMs }))));
  }
  const untilAll = (phase: string): Promise<void> =>
    until(
      async () => {
        const query = `WorkflowType = 'provisionCluster' AND MusterRegion = '${region}' AND MusterPhase = '${phase}'`;
        const { count } = await client.workflow.count(query);
        if (count === size) return true;
        throw new Error(`${count} of ${size}; others: ${await stragglers(client, region, phase)}`);
      },
      { what: `all requests in ${region} ${phase}`, timeoutMs: TIMEOUT_MS },
    ).then(() => undefined);
  return {
    region,
    requestIds,
    untilAllWait: () => untilAll('waiting'),
    untilAllReady: () => untilAll('ready'),
  };
}

/** A few requests of the region that are not in the phase, with their pending steps. */
async function stragglers(client: Client, region: string, phase: string): Promise<string> {
  const query = `WorkflowType = 'provisionCluster' AND MusterRegion = '${region}' AND MusterPhase != '${phase}'`;
  const lines: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query, pageSize: NAMED_IN_FAILURE })) {
    if (lines.push(await current(client, workflowId)) === NAMED_IN_FAILURE) break;
  }
  return lines.join('; ');
}

async function current(client: Client, workflowId: string): Promise<string> {
  const { status, raw } = await client.workflow.getHandle(workflowId).describe();
  const steps = (raw.pendingActivities ?? []).map(
    ({ activityType, attempt, lastFailure }) =>
      `${activityType?.name ?? ''}, attempt ${attempt ?? 0}: ${lastFailure?.message ?? 'no failure'}`,
  );
  return [workflowId, status.name, ...steps].join(' ');
}
