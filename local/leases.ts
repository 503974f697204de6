import type { Client } from '@temporalio/client';
import { MESSAGES, type ReleaseSignal } from '../contracts/messages.ts';

/** Tells every lease that still runs to release its cluster: those of earlier starts. How many were told. */
export async function releaseLeases(client: Client, who: string): Promise<number> {
  let told = 0;
  for await (const { workflowId } of client.workflow.list({
    query: `WorkflowType = 'leaseCluster' AND ExecutionStatus = 'Running'`,
  })) {
    const order: ReleaseSignal = { who, why: 'a new start of the local stack' };
    await client.workflow.getHandle(workflowId).signal(MESSAGES.release.name, order);
    told += 1;
  }
  return told;
}
