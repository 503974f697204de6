import type { Replies } from '../core/calls.ts';
import type { Reply } from '../core/delivery.ts';
import { Refusal, toRefusal } from '../core/refusal.ts';
import type { Output } from './context.ts';
import { RefusalWithDetail, validationError } from './errors.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** How the service answers a call. */
export const REPLIES: Replies<Output> = {
  success: ({ status, body, headers }) => ({
    status,
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify(body),
    errorType: null,
  }),
  // The service's framework words every 422.
  error: (type, message, status) =>
    replyOf(
      status === 422 ? validationError([{ loc: ['body'], msg: message, type }]) : new Refusal(type, message, status),
    ),
  thrown: (error) => replyOf(toRefusal(error, 'InternalError')),
  // The service documents 429 only, so a rule's own status does not count.
  throttle: (_status, retryAfterSeconds) => {
    const reply = replyOf(new Refusal('TooManyRequests', 'Rate limit exceeded', 429));
    if (retryAfterSeconds === undefined) return reply;
    return { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfterSeconds) } };
  },
};

/** Only the body of a 422 is documented. The vendor's client reads `message` first in all others. */
function replyOf(refusal: Refusal): Reply {
  const { type, message, status } = refusal;
  const body = refusal instanceof RefusalWithDetail ? { detail: refusal.detail } : { message };
  return { status, headers: JSON_TYPE, body: JSON.stringify(body), errorType: type };
}

/** The JSON in a body; undefined for an empty one. @throws Refusal 422 for a body that is not JSON */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw validationError([{ loc: ['body', 0], msg: 'JSON decode error', type: 'json_invalid' }]);
  }
}
