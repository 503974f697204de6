import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Creation } from '../../contracts/creation.ts';
import { cleanupWorkflowId, leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import { MESSAGES, type ReleaseSignal, type Workflows } from '../../contracts/messages.ts';
import { QUEUES } from '../../contracts/queues.ts';

/** Starts the workflows that own creations. Each start joins one that runs already. */
export interface Owners {
  /** Cancels the request's workflow; false where none runs. */
  cancelRequest(requestId: string): Promise<boolean>;
  startLease(creation: Creation): Promise<void>;
  startCleanup(creation: Creation): Promise<void>;
  /** Signals the lease, starting it first where nobody runs it. */
  releaseLease(creation: Creation, order: ReleaseSignal): Promise<void>;
}

/** Owners on a Temporal namespace. */
export function createOwners(client: Client): Owners {
  const options = (workflowId: string, summary: string, creation: Creation) => ({
    workflowId,
    taskQueue: QUEUES.provisioning,
    args: [{ creation }] as [{ creation: Creation }],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    staticSummary: summary,
    staticDetails: `\`${creation.key}\` of request \`${creation.requestId}\`, team ${creation.team}`,
  });
  const leaseOptions = (creation: Creation) =>
    options(
      leaseWorkflowId(creation.requestId, creation.number),
      `Lease of ${creation.requestId} at ${creation.provider} in ${creation.region}`,
      creation,
    );
  return {
    cancelRequest: async (requestId) => {
      const handle = client.workflow.getHandle(requestWorkflowId(requestId));
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
    startLease: async (creation) => {
      await client.workflow.start<Workflows['leaseCluster']>('leaseCluster', leaseOptions(creation));
    },
    startCleanup: async (creation) => {
      await client.workflow.start<Workflows['cleanupCreation']>(
        'cleanupCreation',
        options(
          cleanupWorkflowId(creation.key),
          `Cleanup of ${creation.requestId}, number ${creation.number}`,
          creation,
        ),
      );
    },
    releaseLease: async (creation, order) => {
      await client.workflow.signalWithStart<Workflows['leaseCluster'], [ReleaseSignal]>('leaseCluster', {
        ...leaseOptions(creation),
        signal: MESSAGES.release.name,
        signalArgs: [order],
      });
    },
  };
}
