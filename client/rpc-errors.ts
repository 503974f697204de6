import { isGrpcServiceError, NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import { MusterError, NotFoundError, UnreachableError } from './errors.ts';

/** An order that no worker takes up within this is reported (policy), ms. */
export const ORDER_TIMEOUT_MS = 30_000;

/** The same for a look at places: listings are long, and read page by page (policy), ms. */
export const REGION_AUDIT_TIMEOUT_MS = 3 * 60_000;

const SILENT = { what: 'Temporal does not answer', hint: 'Is it running, and is TEMPORAL_ADDRESS right?' };
const REFUSES = { what: 'Temporal refuses this user', hint: 'Check TEMPORAL_API_KEY or the certificates.' };

/** What cannot be reached, by gRPC's status code. */
const UNREACHABLE: ReadonlyMap<number, { readonly what: string; readonly hint: string }> = new Map([
  // INVALID_ARGUMENT
  [3, { what: 'Temporal does not understand', hint: 'The namespace may lack the search attributes of Muster.' }],
  // DEADLINE_EXCEEDED, UNAVAILABLE
  [4, SILENT],
  [14, SILENT],
  // PERMISSION_DENIED, UNAUTHENTICATED
  [7, REFUSES],
  [16, REFUSES],
]);

/**
 * Runs a call to Temporal; its errors become ours.
 * @param what its subject, for the message
 * @param next the command to run where there is no such thing
 */
export async function withClientErrors<T>(what: string, run: () => Promise<T>, next = 'muster list'): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw ourError(what, error, next);
  }
}

function ourError(what: string, cause: unknown, next: string): unknown {
  const doctor = { cause, next: 'muster doctor' };
  if (cause instanceof MusterError) return cause;
  if (cause instanceof WorkflowNotFoundError) {
    const hint = 'Check its id. Of one that ended long ago only the ledger knows.';
    return new NotFoundError('invalid', `${what} does not exist`, hint, { cause, next });
  }
  if (cause instanceof NamespaceNotFoundError) {
    const message = `Temporal has no namespace "${cause.namespace}"`;
    return new UnreachableError('unreachable', message, 'Create it, or set TEMPORAL_NAMESPACE.', doctor);
  }
  // The SDK wraps some of the server's errors in one of its own.
  const grpc = [cause, cause instanceof Error ? cause.cause : undefined].find(isGrpcServiceError);
  const known = grpc && UNREACHABLE.get(grpc.code);
  if (grpc === undefined || known === undefined) return cause;
  return new UnreachableError('unreachable', `${known.what}: ${grpc.details}`, known.hint, doctor);
}

/**
 * Bounds the wait for a short workflow: an order goes on by itself, and its effect comes when a worker is back.
 * @param timeoutMs how long
 * @param isRead it only reads, and is given up with the wait
 */
export async function withTimeout<T>(what: string, run: Promise<T>, timeoutMs: number, isRead: boolean): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new UnreachableError(
          'unreachable',
          `no worker answered "${what}" within ${timeoutMs / 1000} s`,
          'Are the workers of the roles workflows and ledger running? ' +
            (isRead ? 'Nothing was changed.' : 'The order stands and takes effect when they are.'),
          { next: 'muster doctor' },
        ),
      );
    }, timeoutMs);
  });
  return Promise.race([run, late]).finally(() => {
    clearTimeout(timer);
  });
}
