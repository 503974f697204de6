import type { Receipt } from '../contracts/cluster.ts';
import type { FailureType } from '../contracts/failures.ts';
import { faultsText, type RequestFault } from '../contracts/request.ts';

/** What the caller may do about it: the command's exit code follows. */
export type ErrorKind = 'failed' | 'invalid' | 'unreachable';

/** What an error may carry besides its sentences. */
export interface MusterErrorOptions extends ErrorOptions {
  /** The command to run next, such as `muster release fine-tune`; it is safe to run at once. */
  readonly next?: string;
}

/** Every error of this library. Its message names the condition; its hint says in one sentence what to do. */
export class MusterError extends Error {
  override readonly name: string = 'MusterError';
  readonly kind: ErrorKind;
  readonly hint: string;
  /** The command to run next; null when no command helps. */
  readonly next: string | null;

  constructor(kind: ErrorKind, message: string, hint: string, { next, ...options }: MusterErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.hint = hint;
    this.next = next ?? null;
  }
}

/** The request breaks the schema. It lists every fault with its path. */
export class InvalidRequestError extends MusterError {
  override readonly name = 'InvalidRequestError';
  readonly faults: readonly RequestFault[];

  constructor(faults: readonly RequestFault[]) {
    super('invalid', faultsText(faults), 'Fix the fields named above. Nothing was reserved or created.');
    this.faults = faults;
  }
}

/** The catalogue has no price for something that the request asks for. */
export class UnknownPriceError extends MusterError {
  override readonly name = 'UnknownPriceError';
}

/** A request with the same id and another body exists. */
export class RequestConflictError extends MusterError {
  override readonly name = 'RequestConflictError';
}

/** The request, team or cluster does not exist. */
export class NotFoundError extends MusterError {
  override readonly name = 'NotFoundError';
}

/** The request ended without a cluster. */
export class RequestFailedError extends MusterError {
  override readonly name = 'RequestFailedError';
  readonly type: FailureType;
  /** Null only when the run failed before it reserved anything. */
  readonly receipt: Receipt | null;

  constructor(type: FailureType, message: string, receipt: Receipt | null, requestId: string) {
    super(
      'failed',
      `${type}: ${message}`,
      'All that it created is deleted. Fix the cause, then submit it with --again.',
      { next: `muster describe ${requestId}` },
    );
    this.type = type;
    this.receipt = receipt;
  }
}

/** The request was cancelled, or its run was terminated or timed out. */
export class RequestCancelledError extends MusterError {
  override readonly name = 'RequestCancelledError';
}

/** The order is refused, such as a cancel of a request that is ready. Nothing has changed. */
export class OrderRefusedError extends MusterError {
  override readonly name = 'OrderRefusedError';
}

/** An operation failed for a reason that its caller cannot repair; a refusal has an error of its own. */
export class OperationFailedError extends MusterError {
  override readonly name = 'OperationFailedError';
  readonly type: FailureType;

  constructor(operation: string, type: FailureType, message: string, cause: unknown) {
    super('failed', `${operation} failed: ${type}: ${message}`, "See the workflow's page, and the log of its worker.", {
      cause,
      next: 'muster doctor',
    });
    this.type = type;
  }
}

/** Temporal, or a worker behind it, does not answer. */
export class UnreachableError extends MusterError {
  override readonly name = 'UnreachableError';
}
