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
import { MESSAGES, type ExtendUpdate, type ReleaseUpdate, type Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';
import type { Trace } from '../../contracts/reports.ts';
import type { ProvisioningRequest } from '../../contracts/request.ts';
import { failure } from '../failures.ts';
import type { RunningWorkflow } from '../ledger/ledger.ts';
import { traceCluster } from './trace.ts';

/** Starts the workflows that own creations, and sends them orders. A start joins the workflow if it runs. */
export interface OwnerWorkflows {
  /** Cancels the request's workflow; false when none runs. */
  sendCancel(requestId: string): Promise<boolean>;
  /** Starts the workflow of a request whose last run has ended. */
  provisionAgain(request: ProvisioningRequest, bodyHash: string): Promise<void>;
  startLease(creation: Creation): Promise<void>;
  /** @param clusterId the late cluster to remove; without it, the whole creation is cleaned up */
  startCleanup(creation: Creation, clusterId?: string): Promise<void>;
  /**
   * Sends the order to the lease, which it starts if needed. Returns when the lease has accepted the order.
   * @param orderId the same id twice is one order
   */
  sendRelease(creation: Creation, order: ReleaseUpdate, orderId: string): Promise<void>;
  /**
   * Sends the order to the lease, which it starts if needed, and waits for the answer.
   * @param orderId the same id twice is one order
   * @throws BudgetExceeded, or InvalidRequest when the lease has no end
   */
  sendExtend(creation: Creation, order: ExtendUpdate, orderId: string): Promise<Creation>;
  /** The leases and cleanups that run, by Temporal's visibility, which is delayed. */
  running(): AsyncIterable<RunningWorkflow>;
  /** What Temporal's histories still contain about a creation and its cluster; null for nothing. */
  trace(key: string, clusterId: string): Promise<Trace | null>;
}

type Lease = Workflows['leaseCluster'];

/** Time for a lease to accept an order, ms (policy). Without a workflow worker it does not; the step is then retried. */
const ACCEPT_MS = 10_000;

/** Time for the lease's answer in one try, and the pause before the next try, ms (policy). */
const ANSWER_MS = 1_000;
const ANSWER_RETRY_MS = 500;

/** The owners in the client's Temporal namespace. */
export function createOwnerWorkflows(client: Client): OwnerWorkflows {
  const { workflow } = client;
  const withDeadline = <T>(order: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + ACCEPT_MS, order);
  /** Returns once the update is accepted, which is durable. The work itself may take any time. */
  const updateLease = <Answer>(
    name: string,
    creation: Creation,
    order: ReleaseUpdate | ExtendUpdate,
    updateId: string,
  ) =>
    workflow.startUpdateWithStart<Lease, Answer, [ReleaseUpdate | ExtendUpdate]>(name, {
      args: [order],
      updateId,
      waitForStage: 'ACCEPTED',
      startWorkflowOperation: new WithStartWorkflowOperation<Lease>('leaseCluster', leaseOptions(creation)),
    });
  return {
    sendCancel: async (requestId) => {
      const handle = workflow.getHandle(requestWorkflowId(requestId));
      try {
        // Checked first: Temporal reports success for a cancel of a closed run.
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
        // As in a client's submit, so that a submit of the same request joins this run.
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
      await withDeadline(() => updateLease(MESSAGES.release.name, creation, order, orderId));
    },
    sendExtend: async (creation, order, orderId) => {
      try {
        const handle = await withDeadline(() => updateLease<Creation>(MESSAGES.extend.name, creation, order, orderId));
        // The lease's step uses the same task queue as the step that runs this, so this one must not wait long for it.
        return await client.withDeadline(Date.now() + ANSWER_MS, () => handle.result());
      } catch (error) {
        throw refusalOf(error) ?? failure('NotReady', 'the lease has not answered yet; trying again', ANSWER_RETRY_MS);
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

/** The lease's refusal of an order, as a failure that is not retried; undefined for any other error. */
function refusalOf(error: unknown): Error | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message } = error.cause;
  return isFailureType(type) ? failure(type, message) : undefined;
}
