import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { MESSAGES, type RequestStatus } from '../../contracts/messages.ts';
import { until } from './until.ts';

/** Waits until a run has this activity pending, at this attempt or a later one. */
export async function untilPending(client: Client, workflowId: string, activity: string, attempts = 1): Promise<void> {
  await until(
    async () => {
      const { raw } = await client.workflow.getHandle(workflowId).describe();
      return raw.pendingActivities?.some(
        (each) => each.activityType?.name === activity && (each.attempt ?? 0) >= attempts,
      );
    },
    { what: `attempt ${attempts} of ${activity} in ${workflowId}` },
  );
}

/** Waits until a request's run waits for its cluster. */
export async function untilWaiting(client: Client, workflowId: string): Promise<void> {
  await until(
    async () => {
      const status = await client.workflow.getHandle(workflowId).query<RequestStatus | null>(MESSAGES.status.name);
      return status?.timeline.at(-1)?.what.startsWith('waits until');
    },
    { what: `${workflowId} to wait for its cluster` },
  );
}

/** Waits until no run of the workflow is open. */
export async function untilClosed(client: Client, workflowId: string, timeoutMs = 40_000): Promise<string> {
  return until(
    async () => {
      const { status } = await client.workflow.getHandle(workflowId).describe();
      return status.name === 'RUNNING' ? undefined : status.name;
    },
    { what: `the end of ${workflowId}`, timeoutMs },
  );
}

/**
 * Resets a run to the first workflow task after the completion of an activity, as an operator does in the Web UI.
 * @returns the new run's id
 */
export async function resetAfter(client: Client, workflowId: string, runId: string, activity: string): Promise<string> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const all = events ?? [];
  const scheduled = new Set(
    all
      .filter((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === activity)
      .map((event) => String(event.eventId)),
  );
  const done = all.findIndex((event) =>
    scheduled.has(String(event.activityTaskCompletedEventAttributes?.scheduledEventId)),
  );
  const task = all.slice(done).find((event) => event.workflowTaskCompletedEventAttributes != null);
  if (done < 0 || task?.eventId == null)
    throw new Error(`no workflow task completed after ${activity} in ${workflowId}`);
  const reset = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'test',
    workflowTaskFinishEventId: task.eventId,
    requestId: randomUUID(),
  });
  return reset.runId;
}
