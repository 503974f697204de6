import {
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Creation } from '../../contracts/creation.ts';
import { isFailureType } from '../../contracts/failures.ts';
import { cleanupWorkflowId, lateClusterWorkflowId, leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import { MESSAGES, type ExtendUpdate, type ReleaseSignal, type Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';
import type { Trace } from '../../contracts/reports.ts';
import type { ProvisioningRequest } from '../../contracts/request.ts';
import { failure } from '../failures.ts';
import { traceCluster } from './trace.ts';

/** Starts the workflows that own creations, and tells them. Each start joins one that runs already. */
export interface OwnerWorkflows {
  /** Cancels the request's workflow; false where none runs. */
  sendCancel(requestId: string): Promise<boolean>;
  /** Starts the workflow of a request whose last run has ended. */
  provisionAgain(request: ProvisioningRequest, bodyHash: string): Promise<void>;
  startLease(creation: Creation): Promise<void>;
  /** @param clusterId the one cluster to remove, born too late under the key; without it all that the creation made */
  startCleanup(creation: Creation, clusterId?: string): Promise<void>;
  /**
   * Tells the lease, starting it first where nobody runs it. Returns when the lease has taken the order.
   * @param orderId the same twice is one order
   */
  sendRelease(creation: Creation, order: ReleaseSignal, orderId?: string): Promise<void>;
  /**
   * Tells the lease, starting it first where nobody runs it, and waits for its answer.
   * @param orderId the same twice is one order
   * @throws BudgetExceeded, or InvalidRequest where the lease has no end
   */
  sendExtend(creation: Creation, order: ExtendUpdate, orderId: string): Promise<Creation>;
  /** Leases and cleanups that run, as far as Temporal's visibility knows by now. */
  running(): AsyncIterable<RunningOwner>;
  /** What Temporal remembers of a creation and its cluster; null where it remembers nothing. */
  trace(key: string, clusterId: string): Promise<Trace | null>;
}

/** A workflow that runs. */
export interface RunningOwner {
  readonly id: string;
  /** Start of its present run, ms since the epoch. */
  readonly startedAtMs: number;
}

type Lease = Workflows['leaseCluster'];

/** Time for a lease to take an order, ms: without a worker of workflows it does not, and is told again (policy). */
const TAKE_MS = 10_000;

/** Time for its answer in one try, and the pause before the next, ms (policy). */
const ANSWER_MS = 1_000;
const ASK_AGAIN_MS = 500;

/** Owners on a Temporal namespace. */
export function createOwnerWorkflows(client: Client): OwnerWorkflows {
  const { workflow } = client;
  const taken = <T>(order: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + TAKE_MS, order);
  /** Accepted is durable; what comes of it may take as long as it likes. */
  const updateLease = <Answer>(
    name: string,
    creation: Creation,
    order: ReleaseSignal | ExtendUpdate,
    updateId?: string,
  ) =>
    workflow.startUpdateWithStart<Lease, Answer, [ReleaseSignal | ExtendUpdate]>(name, {
      args: [order],
      ...(updateId === undefined ? {} : { updateId }),
      waitForStage: 'ACCEPTED',
      startWorkflowOperation: new WithStartWorkflowOperation<Lease>('leaseCluster', leaseOptions(creation)),
    });
  return {
    sendCancel: async (requestId) => {
      const handle = workflow.getHandle(requestWorkflowId(requestId));
      try {
        // Asked first: Temporal takes a cancel of a closed run for done.
        if ((await handle.describe()).status.name !== 'RUNNING') return false;
        await handle.cancel();
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    provisionAgain: async (request, bodyHash) => {
      await workflow.start<Workflows['provisionCluster']>('provisionCluster', {
        workflowId: requestWorkflowId(request.requestId),
        taskQueue: QUEUES.provisioning,
        args: [request],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        // As a client's submit has it: who submits the request from now on joins this run.
        memo: { bodyHash },
        staticSummary: `${request.team}: ${request.requestId}, provisioned again`,
      });
    },
    startLease: async (creation) => {
      await workflow.start<Lease>('leaseCluster', leaseOptions(creation));
    },
    startCleanup: async (creation, clusterId) => {
      await workflow.start<Workflows['cleanupCreation']>('cleanupCreation', {
        ...options(
          clusterId === undefined ? cleanupWorkflowId(creation.key) : lateClusterWorkflowId(creation.key, clusterId),
          creation,
        ),
        args: [clusterId === undefined ? { creation } : { creation, clusterId }],
        staticSummary: `Cleanup of ${creation.requestId}, number ${creation.number}`,
      });
    },
    sendRelease: async (creation, order, orderId) => {
      if (!creation.terms) {
        // Its run may be of before there was an update to answer.
        const signal = { signal: MESSAGES.release.name, signalArgs: [order] as [ReleaseSignal] };
        await workflow.signalWithStart<Lease, [ReleaseSignal]>('leaseCluster', {
          ...leaseOptions(creation),
          ...signal,
        });
        return;
      }
      await taken(() => updateLease(MESSAGES.release.name, creation, order, orderId));
    },
    sendExtend: async (creation, order, orderId) => {
      try {
        const handle = await taken(() => updateLease<Creation>(MESSAGES.extend.name, creation, order, orderId));
        // The lease's own step waits for a turn on the queue of the step that runs this: it must not be waited for here.
        return await client.withDeadline(Date.now() + ANSWER_MS, () => handle.result());
      } catch (error) {
        throw refusalOf(error) ?? failure('NotReady', 'the lease has not answered yet; asking again', ASK_AGAIN_MS);
      }
    },
    running: async function* () {
      const query = `WorkflowType IN ('leaseCluster', 'cleanupCreation') AND ExecutionStatus = 'Running'`;
      for await (const { workflowId, startTime } of workflow.list({ query })) {
        yield { id: workflowId, startedAtMs: startTime.getTime() };
      }
    },
    trace: (key, clusterId) => traceCluster(client, key, clusterId),
  };
}

const options = (workflowId: string, creation: Creation) => ({
  workflowId,
  taskQueue: QUEUES.provisioning,
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  staticDetails: `\`${creation.key}\` of request \`${creation.requestId}\`, team ${creation.team}`,
});

const leaseOptions = (creation: Creation) => ({
  ...options(leaseWorkflowId(creation.requestId, creation.number), creation),
  args: [{ creation }] as [{ creation: Creation }],
  staticSummary: `Lease of ${creation.requestId} at ${creation.provider} in ${creation.region}`,
});

/** The lease's own refusal of an order, as a failure that is not retried; undefined for any other trouble. */
function refusalOf(error: unknown): Error | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message } = error.cause;
  return isFailureType(type) ? failure(type, message) : undefined;
}
