import type { Client } from '@temporalio/client';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { MESSAGES } from '../../contracts/messages.ts';

/** Histories read at once. */
const AT_ONCE = 20;

type Attributes = Readonly<Record<string, unknown>>;
/** An event of a history. */
export interface HistoryEvent {
  readonly kind: string;
  readonly atMs: number;
  /** The name of the activity or the signal. */
  readonly name: string | undefined;
}

/** The events of a request's history. The end of an activity has the activity's name. */
async function historyOf(client: Client, requestId: string): Promise<readonly HistoryEvent[]> {
  const { events } = await client.workflow.getHandle(requestWorkflowId(requestId)).fetchHistory();
  const activities = new Map<string, string>();
  return (events ?? []).map((event) => {
    const kind = Object.keys(event).find((field) => field.endsWith('EventAttributes')) ?? '';
    const attributes = (event as unknown as Record<string, Attributes>)[kind] ?? {};
    const own = (attributes['activityType'] as { name?: string } | undefined)?.name ?? attributes['signalName'];
    if (kind.startsWith('activityTaskScheduled')) activities.set(String(event.eventId), String(own));
    const name = own ?? activities.get(String(attributes['scheduledEventId']));
    const { seconds, nanos } = event.eventTime ?? {};
    return {
      kind: kind.replace(/EventAttributes$/, ''),
      atMs: Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1_000_000,
      name: typeof name === 'string' ? name : undefined,
    };
  });
}

/** The histories of many requests, in the same order. */
export async function histories(
  client: Client,
  requestIds: readonly string[],
): Promise<readonly (readonly HistoryEvent[])[]> {
  const stories: (readonly HistoryEvent[])[] = [];
  for (let from = 0; from < requestIds.length; from += AT_ONCE) {
    const some = requestIds.slice(from, from + AT_ONCE);
    stories.push(...(await Promise.all(some.map((requestId) => historyOf(client, requestId)))));
  }
  return stories;
}

export const isReadinessCheck = ({ kind, name }: HistoryEvent): boolean =>
  kind === 'activityTaskScheduled' && name === 'checkReadiness';
export const isHint = ({ kind, name }: HistoryEvent): boolean =>
  kind === 'workflowExecutionSignaled' && name === MESSAGES.hint.name;
