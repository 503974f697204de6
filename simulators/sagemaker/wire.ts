import type { Replies } from '../core/calls.ts';
import type { Reply } from '../core/delivery.ts';
import { Refusal, toRefusal } from '../core/refusal.ts';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** How AWS JSON 1.1 answers one call. SDKs take the type of an error from `__type`. */
export function repliesTo(requestId: string): Replies<unknown> {
  const headers = { 'content-type': CONTENT_TYPE, 'x-amzn-RequestId': requestId };
  const error = (type: string, message: string, status: number, extra: Record<string, string> = {}): Reply => ({
    status,
    headers: { ...headers, ...extra },
    body: JSON.stringify({ __type: type, Message: message }),
    errorType: type,
  });
  return {
    // Undefined members are left out, as the service does.
    success: (output) => ({ status: 200, headers, body: JSON.stringify(output), errorType: null }),
    error,
    thrown: (thrown) => {
      const { type, message, status } = toRefusal(thrown, 'InternalFailure');
      return error(type, message, status);
    },
    throttle: (status, retryAfterSeconds) => {
      const hint = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return error('ThrottlingException', 'Rate exceeded', status, hint);
    },
  };
}

/** @throws Refusal SerializationException for anything but a JSON object */
export function parseBody(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal('SerializationException', 'The request body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('SerializationException', 'Start of structure or map found where not expected.');
  }
  return value as Record<string, unknown>;
}

/** A date on the wire: seconds since the epoch, with a fraction of milliseconds. */
export function wireTime(timeMs: number): number {
  return Math.floor(timeMs) / 1000;
}
