import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { MusterError, NotFoundError, UnreachableError } from './errors.ts';

/** An order that no worker takes up within this is reported (policy), ms. */
export const ORDER_TIMEOUT_MS = 30_000;

/** gRPC status codes of a server that cannot be reached: DEADLINE_EXCEEDED, UNAVAILABLE. */
const UNREACHABLE_CODES = new Set([4, 14]);

/** Runs a call to Temporal; its errors become ours. */
export async function reached<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MusterError) throw error;
    if (error instanceof WorkflowNotFoundError) {
      throw new NotFoundError(
        'invalid',
        `${what} does not exist`,
        'Check its id, or describe it: the ledger remembers ended ones.',
        {
          cause: error,
          next: 'muster list',
        },
      );
    }
    if (isGrpcServiceError(error) && UNREACHABLE_CODES.has(error.code)) {
      throw new UnreachableError(
        'unreachable',
        `Temporal does not answer: ${error.details}`,
        'Is it running, and is TEMPORAL_ADDRESS right?',
        { cause: error, next: 'muster doctor' },
      );
    }
    throw error;
  }
}

/**
 * Bounds the wait for a short workflow: an order goes on by itself, and its effect comes when a worker is back.
 * @param isRead it only reads, and is given up with the wait
 */
export async function ordered<T>(what: string, run: Promise<T>, isRead: boolean): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new UnreachableError(
          'unreachable',
          `no worker took up "${what}" within ${ORDER_TIMEOUT_MS / 1000} s`,
          'Are the workers of the roles workflows and ledger running? ' +
            (isRead ? 'Nothing was changed.' : 'The order stands and takes effect when they are.'),
          { next: 'muster doctor' },
        ),
      );
    }, ORDER_TIMEOUT_MS);
  });
  return Promise.race([run, late]).finally(() => {
    clearTimeout(timer);
  });
}
