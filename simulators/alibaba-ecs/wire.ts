import type { Reply } from '../core/delivery.ts';
import { EcsError } from './errors.ts';

const CONTENT_TYPE = 'application/json;charset=utf-8';

/** A success of the RPC style: members in PascalCase, with the request's id among them. */
export function successReply(requestId: string, output: Readonly<Record<string, unknown>>): Reply {
  const body = JSON.stringify({ ...output, RequestId: requestId });
  return { status: 200, headers: headersOf(requestId), body, errorType: null };
}

/** What every error of one call says beside its code. */
export interface ErrorOrigin {
  readonly requestId: string;
  readonly region: string;
}

/** An error of the RPC style; clients take its kind from `Code`. */
export function errorReply(
  { requestId, region }: ErrorOrigin,
  code: string,
  message: string,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const body = JSON.stringify({
    RequestId: requestId,
    HostId: `ecs.${region}.aliyuncs.com`,
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${code}&product=Ecs&requestId=${requestId}`,
  });
  return { status, headers: { ...headersOf(requestId), ...headers }, body, errorType: code };
}

/** Refused for coming too often. Clients read the hint from x-acs-retry-after, in milliseconds, and from nowhere else. */
export function throttleReply(origin: ErrorOrigin, status: number, retryAfterSeconds: number | undefined): Reply {
  const hint = retryAfterSeconds === undefined ? {} : { 'x-acs-retry-after': String(retryAfterSeconds * 1000) };
  return errorReply(origin, 'Throttling.User', 'Request was denied due to user flow control.', status, hint);
}

/** Turns whatever an operation threw into the reply the service would give. */
export function replyOfError(origin: ErrorOrigin, error: unknown): Reply {
  if (error instanceof EcsError) return errorReply(origin, error.code, error.message, error.status);
  return errorReply(origin, 'InternalError', error instanceof Error ? error.message : String(error), 500);
}

/** Dates in replies: `yyyy-MM-ddTHH:mmZ`, in UTC, cut to the minute. */
export function wireTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16)}Z`;
}

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': CONTENT_TYPE, 'x-acs-request-id': requestId };
}
