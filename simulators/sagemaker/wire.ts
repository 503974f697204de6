import type { Reply } from '../core/delivery.ts';
import { AwsError } from './errors.ts';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** A success of AWS JSON 1.1. Undefined members are left out, as the service does. */
export function successReply(requestId: string, output: unknown): Reply {
  return { status: 200, headers: headersOf(requestId), body: JSON.stringify(output), errorType: null };
}

/** An error of AWS JSON 1.1; SDKs take its type from `__type`. */
export function errorReply(
  requestId: string,
  type: string,
  message: string,
  status: number,
  headers: Record<string, string> = {},
): Reply {
  const body = JSON.stringify({ __type: type, Message: message });
  return { status, headers: { ...headersOf(requestId), ...headers }, body, errorType: type };
}

/** Turns whatever an operation threw into the reply the service would give. */
export function replyOfError(requestId: string, error: unknown): Reply {
  if (error instanceof AwsError) return errorReply(requestId, error.type, error.message, error.status);
  return errorReply(requestId, 'InternalFailure', error instanceof Error ? error.message : String(error), 500);
}

/** @throws AwsError SerializationException for anything but a JSON object */
export function parseBody(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
  }
  return value as Record<string, unknown>;
}

/** Dates on the wire are numbers: seconds since the epoch, with a fraction of milliseconds. */
export function wireTime(timeMs: number): number {
  return Math.floor(timeMs) / 1000;
}

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': CONTENT_TYPE, 'x-amzn-RequestId': requestId };
}
