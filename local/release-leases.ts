import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { MESSAGES, type ReleaseUpdate } from '../contracts/messages.ts';

/** Releases the cluster of every running lease, all of them from earlier starts. @returns how many leases accepted it */
export async function releaseLeases(client: Client, who: string): Promise<number> {
  let released = 0;
  for await (const { workflowId } of client.workflow.list({
    query: `WorkflowType = 'leaseCluster' AND ExecutionStatus = 'Running'`,
  })) {
    if (await release(client, workflowId, { who, why: 'a new start of the local stack' })) released += 1;
  }
  return released;
}

/** False if the lease has ended since it was listed. */
async function release(client: Client, workflowId: string, order: ReleaseUpdate): Promise<boolean> {
  try {
    const lease = client.workflow.getHandle(workflowId);
    await lease.startUpdate(MESSAGES.release.name, { args: [order], waitForStage: 'ACCEPTED' });
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
