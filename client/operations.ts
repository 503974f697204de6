import { WorkflowExecutionAlreadyStartedError, type Client, type WorkflowStartOptions } from '@temporalio/client';
import { operationWorkflowId } from '../contracts/ids.ts';
import { OPERATIONS, type OperationInput, type OperationName, type OperationOutput } from '../contracts/operations.ts';
import { QUEUES } from '../contracts/queues.ts';
import { UnreachableError } from './errors.ts';
import { operationError } from './operation-errors.ts';
import { withTypedErrors } from './rpc-errors.ts';

/**
 * Runs an operation to its end.
 * @param subject what it is about, such as a request's id: part of the workflow's id
 * @param orderId names an order: the same id twice is one order; by default each call has its own
 * @throws UnreachableError when no worker answers in time; the operation's own errors (see operation-errors.ts)
 */
export type RunOperation = <Name extends OperationName>(
  operation: Name,
  subject: string,
  input: OperationInput<Name>,
  orderId?: string,
) => Promise<OperationOutput<Name>>;

/** A read expires after this many times its caller's timeout (policy). An order never expires. */
const READ_EXPIRY_FACTOR = 2;

/** Operations through Temporal: each is one short workflow. */
export function createOperations(client: Client): RunOperation {
  return async <Name extends OperationName>(
    operation: Name,
    subject: string,
    input: OperationInput<Name>,
    orderId: string = globalThis.crypto.randomUUID(),
  ): Promise<OperationOutput<Name>> => {
    const workflowId = operationWorkflowId(operation, subject, orderId);
    const resultOf = async (): Promise<OperationOutput<Name>> => {
      try {
        const handle = await client.workflow.start(...startOf(operation, subject, workflowId, input));
        return (await handle.result()) as OperationOutput<Name>;
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        return (await client.workflow.getHandle(workflowId).result()) as OperationOutput<Name>;
      }
    };
    return withTypedErrors(subject, async () => {
      try {
        return await withinTimeout(operation, resultOf());
      } catch (error) {
        throw operationError(operation, subject, error);
      }
    });
  };
}

/** The workflow of an operation, and how it starts. */
function startOf(
  operation: OperationName,
  subject: string,
  workflowId: string,
  input: unknown,
): [workflow: string, options: WorkflowStartOptions] {
  const declared = OPERATIONS[operation];
  const [workflow, argument] = 'activity' in declared ? ['runOperation', { operation, input }] : [operation, input];
  return [
    workflow,
    {
      workflowId,
      taskQueue: QUEUES.provisioning,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: declared.runsOnce ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'ALLOW_DUPLICATE',
      args: [argument],
      staticSummary: `${operation} ${subject}`,
      ...(declared.kind === 'read' ? { workflowExecutionTimeout: READ_EXPIRY_FACTOR * declared.timeoutMs } : {}),
    },
  ];
}

/** Bounds the wait for an answer. The operation itself continues: an order takes effect as soon as a worker runs. */
async function withinTimeout<T>(operation: OperationName, answer: Promise<T>): Promise<T> {
  const { kind, timeoutMs } = OPERATIONS[operation];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new UnreachableError(
          'unreachable',
          `no worker answered "${operation}" within ${timeoutMs / 1000} s`,
          'Are the workers of the roles workflows and ledger running? ' +
            (kind === 'read' ? 'Nothing was changed.' : 'The order is kept, and takes effect when they run.'),
          { next: 'muster doctor' },
        ),
      );
    }, timeoutMs);
  });
  return Promise.race([answer, late]).finally(() => {
    clearTimeout(timer);
  });
}
