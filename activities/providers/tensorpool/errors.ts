import { ProviderError, type ProviderErrorKind } from '../errors.ts';

/** The service's operations that the adapter uses, by the names in its errors. */
export type Call = 'cluster.create' | 'cluster.list' | 'cluster.info' | 'cluster.operations' | 'cluster.destroy';

/** Statuses that mean the same for every call. */
const BY_STATUS: Readonly<Record<number, ProviderErrorKind>> = {
  401: 'unauthorized',
  // Insufficient balance: another placement is tried.
  402: 'quota',
  403: 'unauthorized',
  404: 'not-found',
  // The service lost the connection to its caller. That says nothing about the effect.
  408: 'ambiguous',
  422: 'rejected',
  429: 'throttled',
};

/**
 * Statuses with another meaning for one call. The service uses 400 for invalid parameters and for a name conflict, and does
 * not document the messages. On a create 400 counts as `name-taken`, so that a search follows: a copy of this call may have
 * made the cluster, and `rejected` would lose it. On a delete 400 means that the cluster cannot be deleted now, so the delete
 * is repeated. A listing that is "not found" is not an empty listing.
 */
const BY_CALL: Readonly<Partial<Record<Call, Readonly<Record<number, ProviderErrorKind>>>>> = {
  'cluster.create': { 400: 'name-taken', 409: 'name-taken' },
  'cluster.destroy': { 400: 'conflict', 409: 'conflict' },
  'cluster.list': { 400: 'rejected', 404: 'ambiguous', 409: 'conflict' },
};
const OTHERWISE: Readonly<Record<number, ProviderErrorKind>> = { 400: 'rejected', 409: 'conflict' };

/** Errors from before anything was sent: name resolution, connection, certificate, or an invalid request. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * A status other than 2xx as a condition.
 * @param message the reply's message; undefined when the reply is not JSON: it is then a proxy's, which does not know the effect
 */
export function replyError(
  call: Call,
  status: number,
  message: string | undefined,
  retryAfter: string | undefined,
): ProviderError {
  const kind = kindOf(call, status, message !== undefined);
  const seconds = Number(retryAfter);
  return new ProviderError(kind, {
    provider: 'tensorpool',
    call,
    vendorCode: String(status),
    text: message ?? 'the reply is not JSON',
    retryAfterMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined,
  });
}

function kindOf(call: Call, status: number, isJson: boolean): ProviderErrorKind {
  if (status >= 500 || (!isJson && status !== 429)) return 'ambiguous';
  return BY_CALL[call]?.[status] ?? BY_STATUS[status] ?? OTHERWISE[status] ?? 'unknown';
}

/** An error of a call without a complete reply. */
export function sendingError(call: Call, cause: unknown): ProviderError {
  const error: Error & { code?: unknown } = cause instanceof Error ? cause : new Error(String(cause));
  const code = typeof error.code === 'string' ? error.code : error.name;
  return new ProviderError(NOT_SENT.has(code) ? 'unavailable' : 'ambiguous', {
    provider: 'tensorpool',
    call,
    vendorCode: code,
    text: error.message,
    cause,
  });
}

/** An error for a reply that leaves the state open. Another read will show it. */
export const ambiguous = (call: Call, vendorCode: string, text: string): ProviderError =>
  new ProviderError('ambiguous', { provider: 'tensorpool', call, vendorCode, text });

export const isNotFound = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'not-found';
