import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { z } from 'zod';
import { Creation } from '../../contracts/creation.ts';
import { withExpiry } from '../../contracts/opening.ts';
import type { Plan, PlannedPlacement } from '../../contracts/plan.ts';
import type { Trace } from '../../contracts/reports.ts';

/** Most runs that are read for one cluster, newest first (policy): resets and resubmits leave several. */
const MAX_RUNS = 20;

type History = temporal.api.history.v1.IHistory;

/** An activity that a run completed. */
export interface CompletedStep {
  readonly name: string;
  readonly input: unknown;
  readonly result: unknown;
}

/** Finds a creation and its cluster in the histories of requests, open or closed; null when none contains them. */
export async function traceCluster(client: Client, key: string, clusterId: string): Promise<Trace | null> {
  // No provider's id has such a character, and in a query it would change the meaning.
  if (/['"\\]/.test(clusterId)) return null;
  let read = 0;
  const query = `WorkflowType = 'provisionCluster' AND MusterClusterId = '${clusterId}'`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    if (read++ === MAX_RUNS) break;
    try {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const trace = traceOf(await stepsOf(history, client.workflow.options.loadedDataConverter), key, clusterId);
      if (trace !== null) return trace;
    } catch (error) {
      // Temporal has deleted the run since the listing.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return null;
}

/** The completed activities of a run, in the order of their completion. */
export async function stepsOf({ events }: History, converter: LoadedDataConverter): Promise<CompletedStep[]> {
  const scheduled = new Map<string, temporal.api.history.v1.IActivityTaskScheduledEventAttributes>();
  const steps: CompletedStep[] = [];
  for (const { eventId, activityTaskScheduledEventAttributes, activityTaskCompletedEventAttributes } of events ?? []) {
    if (activityTaskScheduledEventAttributes) scheduled.set(String(eventId), activityTaskScheduledEventAttributes);
    if (!activityTaskCompletedEventAttributes) continue;
    const { scheduledEventId, result } = activityTaskCompletedEventAttributes;
    const { activityType, input } = scheduled.get(String(scheduledEventId)) ?? {};
    steps.push({
      name: activityType?.name ?? '',
      input: await firstOf(input?.payloads, converter),
      result: await firstOf(result?.payloads, converter),
    });
  }
  return steps;
}

/** The first value of an encoded list; undefined for an empty list. */
async function firstOf(payloads: Payload[] | null | undefined, converter: LoadedDataConverter): Promise<unknown> {
  let decoded = payloads?.slice(0, 1) ?? [];
  for (const codec of converter.payloadCodecs.toReversed()) decoded = await codec.decode(decoded);
  return decoded[0] === undefined ? undefined : converter.payloadConverter.fromPayload(decoded[0]);
}

/** A step's result that contains a creation. */
const WithCreation = z.object({ creation: Creation });

/** The last state of a creation in a run's steps; null when they do not contain it. */
export function traceOf(steps: readonly CompletedStep[], key: string, clusterId: string): Trace | null {
  const mentions = steps.flatMap((step) => {
    const { data } = WithCreation.safeParse(step.result);
    return data?.creation.key === key ? [{ ...step, creation: data.creation }] : [];
  });
  const creation = mentions.at(-1)?.creation;
  const plan = steps.find(({ name }) => name === 'plan')?.result as Plan | undefined;
  if (creation === undefined || plan === undefined) return null;
  const placement = openedWith(mentions) ?? asPlanned(plan, creation);
  return placement === undefined ? null : { key, clusterId, bodyHash: plan.bodyHash, creation, placement };
}

/** The placement that this run opened the creation with: every byte of the call but the key. */
function openedWith(mentions: readonly CompletedStep[]): PlannedPlacement | undefined {
  const opening = mentions.find(
    ({ name, result }) => name === 'openCreation' && (result as { outcome?: string }).outcome === 'opened',
  );
  return (opening?.input as { placement?: PlannedPlacement } | undefined)?.placement;
}

/** The placement when another run opened the creation: from the plan, which every run has, and the opening time. */
function asPlanned(plan: Plan, { placementIndex, openedAtMs }: Creation): PlannedPlacement | undefined {
  const placement = plan.placements[placementIndex];
  return placement && withExpiry(placement, openedAtMs);
}
