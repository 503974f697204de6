import { ProviderError, type ProviderErrorKind } from '../errors.ts';
import type { Call } from './client.ts';

/** Statuses that mean the same for every call. */
const BY_STATUS: Readonly<Record<number, ProviderErrorKind>> = {
  401: 'unauthorized',
  // Insufficient balance: somebody must pay in, or another placement must do.
  402: 'quota',
  403: 'unauthorized',
  404: 'not-found',
  // The service lost the connection to its caller: it tells nothing of the effect.
  408: 'ambiguous',
  422: 'rejected',
  429: 'throttled',
};

/**
 * Statuses that mean something else, or nothing, for one call. The service says "invalid parameters" and "name conflict"
 * with the same 400, and its words are not documented. On a create it counts as `name-taken`, whose answer is a look:
 * a copy of this very call may have made the cluster, and `rejected` would let go of it. On a delete it is a cluster
 * that cannot be deleted now, which is asked again. A listing that is "not found" is no empty listing.
 */
const BY_CALL: Readonly<Partial<Record<Call, Readonly<Record<number, ProviderErrorKind>>>>> = {
  'cluster.create': { 400: 'name-taken', 409: 'name-taken' },
  'cluster.destroy': { 400: 'conflict', 409: 'conflict' },
  'cluster.list': { 400: 'rejected', 404: 'ambiguous', 409: 'conflict' },
};
const OTHERWISE: Readonly<Record<number, ProviderErrorKind>> = { 400: 'rejected', 409: 'conflict' };

/** Faults before a byte was sent: no address, nobody there, no trust in who is there, or a request that cannot be put. */
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
 * @param words what the reply says; undefined where it is no JSON: then a proxy speaks, which does not know the effect
 */
export function replyError(
  call: Call,
  status: number,
  words: string | undefined,
  retryAfter: string | undefined,
): ProviderError {
  const kind = kindOf(call, status, words !== undefined);
  const seconds = Number(retryAfter);
  return new ProviderError(kind, {
    provider: 'tensorpool',
    call,
    vendorCode: String(status),
    text: words ?? 'a reply that is no JSON',
    retryAfterMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined,
  });
}

function kindOf(call: Call, status: number, isJson: boolean): ProviderErrorKind {
  if (status >= 500 || (!isJson && status !== 429)) return 'ambiguous';
  return BY_CALL[call]?.[status] ?? BY_STATUS[status] ?? OTHERWISE[status] ?? 'unknown';
}

/** A call that had no whole reply. */
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

/** A reply that does not say what it must: another look tells. */
export const unsure = (call: Call, vendorCode: string, text: string): ProviderError =>
  new ProviderError('ambiguous', { provider: 'tensorpool', call, vendorCode, text });

export const isNotFound = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'not-found';
