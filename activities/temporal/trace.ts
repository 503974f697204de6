import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { LoadedDataConverter, Payload } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { z } from 'zod';
import { Creation } from '../../contracts/creation.ts';
import { withExpiry } from '../../contracts/opening.ts';
import type { Plan, PlannedPlacement } from '../../contracts/plan.ts';
import type { Trace } from '../../contracts/reports.ts';

/** Runs of requests that are read for one cluster, the latest first: resets and resubmits leave several (policy). */
const MAX_RUNS = 20;

type History = temporal.api.history.v1.IHistory;

/** An activity that a run completed. */
export interface CompletedStep {
  readonly name: string;
  readonly input: unknown;
  readonly result: unknown;
}

/** What the runs of requests at Temporal, also closed ones, tell of a creation and its cluster; null where none does. */
export async function traceCluster(client: Client, key: string, clusterId: string): Promise<Trace | null> {
  // No provider's id has one; and an order that quotes would ask for something else.
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
      // Its retention ended since it was listed.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return null;
}

/** The completed activities of a run, in the order in which they completed. */
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

/** The first value of an encoded list; undefined where there is none. */
async function firstOf(payloads: Payload[] | null | undefined, converter: LoadedDataConverter): Promise<unknown> {
  let decoded = payloads?.slice(0, 1) ?? [];
  for (const codec of converter.payloadCodecs.toReversed()) decoded = await codec.decode(decoded);
  return decoded[0] === undefined ? undefined : converter.payloadConverter.fromPayload(decoded[0]);
}

/** A creation inside an answer; of before there were terms, it lacks what came with them. */
const Told = z.object({
  creation: z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null
        ? { terms: null, condition: null, conditionText: null, conditionAtMs: null, ...value }
        : value,
    Creation,
  ),
});

/** What a run's steps tell of a creation, as it stood last; null where they do not mention it. */
export function traceOf(steps: readonly CompletedStep[], key: string, clusterId: string): Trace | null {
  const told = steps.flatMap((step) => {
    const { data } = Told.safeParse(step.result);
    return data?.creation.key === key ? [{ ...step, creation: data.creation }] : [];
  });
  const creation = told.at(-1)?.creation;
  const plan = steps.find(({ name }) => name === 'plan')?.result as Plan | undefined;
  if (creation === undefined || plan === undefined) return null;
  const placement = openedWith(told) ?? asPlanned(plan, creation);
  return placement === undefined ? null : { key, clusterId, bodyHash: plan.bodyHash, creation, placement };
}

/** The placement that the ledger was given when it opened the creation: every byte of the call but the key. */
function openedWith(told: readonly CompletedStep[]): PlannedPlacement | undefined {
  const opening = told.find(
    ({ name, result }) => name === 'openCreation' && (result as { outcome?: string }).outcome === 'opened',
  );
  return (opening?.input as { placement?: PlannedPlacement } | undefined)?.placement;
}

/** Where another run had opened it: by the plan, which is the same in every run, and the time of its opening. */
function asPlanned(plan: Plan, { placementIndex, openedAtMs }: Creation): PlannedPlacement | undefined {
  const placement = plan.placements[placementIndex];
  return placement && withExpiry(placement, openedAtMs);
}
