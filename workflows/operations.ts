import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import {
  OPERATIONS,
  type ActivityOperationName,
  type OperationCall,
  type OperationOutput,
} from '../contracts/operations.ts';
import { common, ledger } from './activity-options.ts';
import { asApplicationFailure, failureOf } from './failures.ts';

/** Steps by queue; each function takes the text that the Web UI shows beside the step. */
const QUEUE_STEPS = { common, ledger };

/** Serves every operation that is a single activity. */
export async function runOperation({
  operation,
  input,
}: OperationCall): Promise<OperationOutput<ActivityOperationName>> {
  // This fails the workflow task, not the run: Temporal retries it, and a newer worker may have the operation.
  if (!Object.hasOwn(OPERATIONS, operation)) throw new RangeError(`this worker has no operation "${operation}"`);
  const { queue, activity } = OPERATIONS[operation];
  const steps = QUEUE_STEPS[queue](operation) as unknown as Record<string, Step>;
  return withStepFailures(() => (steps[activity] as Step)(input));
}

type Step = (input: unknown) => Promise<OperationOutput<ActivityOperationName>>;

/**
 * Runs an operation's steps. The failure of one becomes the operation's own: clients decide by its type. A bug of ours is
 * thrown on: it fails the workflow task, and a deployed fix cures it.
 */
export async function withStepFailures<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const isOfStep = error instanceof ActivityFailure || error instanceof ApplicationFailure;
    throw isOfStep ? asApplicationFailure(failureOf(error)) : error;
  }
}
