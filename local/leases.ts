import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { MESSAGES, type ReleaseSignal } from '../contracts/messages.ts';

/** Tells every lease that still runs to release its cluster: those of earlier starts. How many were told. */
export async function releaseLeases(client: Client, who: string): Promise<number> {
  let told = 0;
  for await (const { workflowId } of client.workflow.list({
    query: `WorkflowType = 'leaseCluster' AND ExecutionStatus = 'Running'`,
  })) {
    if (await release(client, workflowId, { who, why: 'a new start of the local stack' })) told += 1;
  }
  return told;
}

/** False for a lease that has ended since it was listed. */
async function release(client: Client, workflowId: string, order: ReleaseSignal): Promise<boolean> {
  const lease = client.workflow.getHandle(workflowId);
  try {
    try {
      await lease.startUpdate(MESSAGES.release.name, { args: [order], waitForStage: 'ACCEPTED' });
    } catch (error) {
      // A lease of before there was the update: it has none, and takes the signal.
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      await lease.signal(MESSAGES.release.name, order);
    }
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
