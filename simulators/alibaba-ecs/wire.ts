import type { Replies } from '../core/calls.ts';
import type { Reply } from '../core/delivery.ts';
import { toRefusal } from '../core/refusal.ts';
import type { Output } from './context.ts';

const CONTENT_TYPE = 'application/json;charset=utf-8';

/** How the RPC style answers one call. Clients take the kind of an error from `Code`. */
export function repliesTo({ requestId, region }: { requestId: string; region: string }): Replies<Output> {
  const headers = { 'content-type': CONTENT_TYPE, 'x-acs-request-id': requestId };
  const error = (code: string, message: string, status: number, extra: Record<string, string> = {}): Reply => ({
    status,
    headers: { ...headers, ...extra },
    body: JSON.stringify({
      RequestId: requestId,
      HostId: `ecs.${region}.aliyuncs.com`,
      Code: code,
      Message: message,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${code}&product=Ecs&requestId=${requestId}`,
    }),
    errorType: code,
  });
  return {
    success: (output) => ({
      status: 200,
      headers,
      body: JSON.stringify({ ...output, RequestId: requestId }),
      errorType: null,
    }),
    error,
    thrown: (thrown) => {
      const { type, message, status } = toRefusal(thrown, 'InternalError');
      return error(type, message, status);
    },
    // Clients read the hint from this header only, in milliseconds.
    throttle: (status, retryAfterSeconds) => {
      const hint = retryAfterSeconds === undefined ? {} : { 'x-acs-retry-after': String(retryAfterSeconds * 1000) };
      return error('Throttling.User', 'Request was denied due to user flow control.', status, hint);
    },
  };
}

/** A date in replies: `yyyy-MM-ddTHH:mmZ`, in UTC, cut to the minute. */
export function wireTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16)}Z`;
}
