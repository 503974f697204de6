import type { Client, WorkflowService } from '@temporalio/client';
import type { Location } from '../contracts/health.ts';
import { definitionOf, PROVIDER_NAMES } from '../contracts/providers/registry.ts';
import { providerQueue } from '../contracts/queues.ts';
import { withTypedErrors } from './rpc-errors.ts';

type QueueType = NonNullable<Parameters<WorkflowService['describeTaskQueue']>[0]['taskQueueType']>;

/** `TASK_QUEUE_TYPE_ACTIVITY` of the API's `TaskQueueType`, which the client does not export. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const ACTIVITY_QUEUE = 2 as QueueType;

/** The default region of every provider whose queue a worker polled in the last 5 minutes: Temporal keeps pollers so long. */
export async function defaultLocations(client: Client): Promise<Location[]> {
  const polled = await Promise.all(PROVIDER_NAMES.map((provider) => isPolled(client, providerQueue(provider))));
  return PROVIDER_NAMES.filter((_, index) => polled[index]).map((provider) => ({
    provider,
    region: definitionOf(provider).defaultRegion,
  }));
}

const isPolled = (client: Client, queue: string): Promise<boolean> =>
  withTypedErrors(queue, async () => {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: queue },
      taskQueueType: ACTIVITY_QUEUE,
    });
    return pollers.length > 0;
  });
