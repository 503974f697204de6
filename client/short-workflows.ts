import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { orderWorkflowId } from '../contracts/ids.ts';
import type { WorkflowName, Workflows } from '../contracts/messages.ts';
import { QUEUES } from '../contracts/queues.ts';
import { withTimeout, ORDER_TIMEOUT_MS, withClientErrors, REGION_AUDIT_TIMEOUT_MS } from './rpc-errors.ts';

/** Short workflows that change nothing. */
const READS: ReadonlySet<WorkflowName> = new Set([
  'showBudget',
  'listBudgets',
  'showJournal',
  'describeRequest',
  'auditLedger',
  'checkHealth',
  'dryRun',
  'listClusters',
  'auditRegions',
  'auditAll',
  'traceCluster',
] as const);

/** Those that look at providers, wherever asked. */
const SURVEYS: ReadonlySet<WorkflowName> = new Set(['auditRegions', 'auditAll'] as const);

/** Orders that would count again: each runs once under its id, and whoever repeats it hears what came of it. */
const ONCE: ReadonlySet<WorkflowName> = new Set(['extendLease'] as const);

const patienceOf = (workflow: WorkflowName): number =>
  SURVEYS.has(workflow) ? REGION_AUDIT_TIMEOUT_MS : ORDER_TIMEOUT_MS;

/** A read is given up some time after its caller has (policy); an order takes effect whenever a worker is back. */
const readTimeoutOf = (workflow: WorkflowName): number => 2 * patienceOf(workflow);

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
  ): Promise<Awaited<ReturnType<Workflows[W]>>> => {
    type Options = Parameters<typeof client.workflow.execute<Workflows[W]>>[1];
    type Result = Awaited<ReturnType<Workflows[W]>>;
    const workflowId = orderWorkflowId(workflow, subject, orderId);
    const run = (): Promise<Result> =>
      client.workflow.execute<Workflows[W]>(workflow, {
        workflowId,
        taskQueue: QUEUES.provisioning,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: ONCE.has(workflow) ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'ALLOW_DUPLICATE',
        args,
        staticSummary: `${workflow} ${subject}`,
        ...(READS.has(workflow) ? { workflowExecutionTimeout: readTimeoutOf(workflow) } : {}),
      } as Options) as Promise<Result>;
    const resultOfEarlier = (error: unknown): Promise<Result> => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return client.workflow.getHandle(workflowId).result() as Promise<Result>;
    };
    const result = run().catch(resultOfEarlier);
    return withClientErrors(subject, () => withTimeout(workflow, result, patienceOf(workflow), READS.has(workflow)));
  };
}
