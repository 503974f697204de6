import type { Reply } from '../core/delivery.ts';
import type { Output } from './context.ts';
import { Refusal, validationError } from './errors.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

export function successReply({ status, body, headers }: Output): Reply {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(body), errorType: null };
}

/** Turns whatever an operation threw into the reply the service would give. */
export function replyOfError(error: unknown): Reply {
  const refusal =
    error instanceof Refusal
      ? error
      : new Refusal(500, 'InternalError', error instanceof Error ? error.message : String(error));
  const { status, body, type } = refusal;
  return { status, headers: JSON_TYPE, body: JSON.stringify(body), errorType: type };
}

/** A scripted error in the service's shape: 422 is worded by its framework. */
export function errorReply(type: string, message: string, status: number, headers: Record<string, string> = {}): Reply {
  const refusal =
    status === 422 ? validationError([{ loc: ['body'], msg: message, type }]) : new Refusal(status, type, message);
  const reply = replyOfError(refusal);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}

/** The service says 429 and nothing else, whatever status a script asks for. */
export function throttleReply(retryAfterSeconds: number | undefined): Reply {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return errorReply('TooManyRequests', 'Rate limit exceeded', 429, headers);
}

/** @throws Refusal 422 for a body that is not JSON */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw validationError([{ loc: ['body', 0], msg: 'JSON decode error', type: 'json_invalid' }]);
  }
}
