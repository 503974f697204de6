import type { Client } from '@temporalio/client';
import { orderWorkflowId } from '../contracts/ids.ts';
import type { WorkflowName, Workflows } from '../contracts/messages.ts';
import { QUEUES } from '../contracts/queues.ts';
import { ordered, ORDER_TIMEOUT_MS, reached } from './reach.ts';

/** Short workflows that change nothing. */
const READS: ReadonlySet<WorkflowName> = new Set([
  'showBudget',
  'listBudgets',
  'showJournal',
  'describeRequest',
  'auditLedger',
  'checkHealth',
  'dryRun',
] as const);

/** A read is given up some time after its caller has (policy); an order takes effect whenever a worker is back. */
const READ_TIMEOUT_MS = 2 * ORDER_TIMEOUT_MS;

/**
 * Runs a short workflow to its end.
 * @param subject what it is about: part of its id
 * @param orderId names the order: given twice, it counts once
 * @throws UnreachableError where no worker takes it up in time; WorkflowFailedError where it fails
 */
export type RunShort = <W extends WorkflowName>(
  workflow: W,
  subject: string,
  args: Parameters<Workflows[W]>,
  orderId?: string,
) => Promise<Awaited<ReturnType<Workflows[W]>>>;

export function shortWorkflows(client: Client): RunShort {
  return async <W extends WorkflowName>(
    workflow: W,
    subject: string,
    args: Parameters<Workflows[W]>,
    orderId: string = globalThis.crypto.randomUUID(),
  ): Promise<Awaited<ReturnType<Workflows[W]>>> =>
    reached(subject, () =>
      ordered(
        workflow,
        client.workflow.execute<Workflows[W]>(workflow, {
          workflowId: orderWorkflowId(workflow, subject, orderId),
          taskQueue: QUEUES.provisioning,
          workflowIdConflictPolicy: 'USE_EXISTING',
          args,
          staticSummary: `${workflow} ${subject}`,
          ...(READS.has(workflow) ? { workflowExecutionTimeout: READ_TIMEOUT_MS } : {}),
        } as Parameters<typeof client.workflow.execute<Workflows[W]>>[1]) as Promise<Awaited<ReturnType<Workflows[W]>>>,
        READS.has(workflow),
      ),
    );
}
