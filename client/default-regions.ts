import type { Client, WorkflowService } from '@temporalio/client';
import type { Location } from '../contracts/health.ts';
import { definitionOf, PROVIDER_NAMES } from '../contracts/providers/registry.ts';
import { providerQueue } from '../contracts/queues.ts';
import { withTypedErrors } from './rpc-errors.ts';

type QueueType = NonNullable<Parameters<WorkflowService['describeTaskQueue']>[0]['taskQueueType']>;

/** Queues of activities, in the API's `TaskQueueType`: the client does not export it. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const ACTIVITY_QUEUE = 2 as QueueType;

/** The usual region of every provider whose queue a worker has polled lately: Temporal remembers for 5 minutes. */
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
