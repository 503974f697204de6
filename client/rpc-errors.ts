import { isGrpcServiceError, NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import { MusterError, NotFoundError, UnreachableError } from './errors.ts';

const NO_ANSWER = { what: 'Temporal does not answer', hint: 'Is it running, and is TEMPORAL_ADDRESS right?' };
const NOT_ALLOWED = { what: 'Temporal refuses this user', hint: 'Check TEMPORAL_API_KEY or the certificates.' };

/** gRPC status codes that become UnreachableError. */
const UNREACHABLE: ReadonlyMap<number, { readonly what: string; readonly hint: string }> = new Map([
  // INVALID_ARGUMENT
  [3, { what: 'Temporal rejects the call', hint: 'The namespace may lack the search attributes of Muster.' }],
  // DEADLINE_EXCEEDED, UNAVAILABLE
  [4, NO_ANSWER],
  [14, NO_ANSWER],
  // PERMISSION_DENIED, UNAUTHENTICATED
  [7, NOT_ALLOWED],
  [16, NOT_ALLOWED],
]);

/**
 * Runs a call to Temporal. Its errors become errors of this library.
 * @param what the subject of the call, for the message
 * @param next the command to run when the subject does not exist
 */
export async function withTypedErrors<T>(what: string, run: () => Promise<T>, next = 'muster list'): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw typedError(what, error, next);
  }
}

function typedError(what: string, cause: unknown, next: string): unknown {
  const doctor = { cause, next: 'muster doctor' };
  if (cause instanceof MusterError) return cause;
  if (cause instanceof WorkflowNotFoundError) {
    const hint = 'Check its id. Temporal forgets ended requests; the ledger does not.';
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
