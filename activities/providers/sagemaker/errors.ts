import { ProviderError, type ProviderErrorKind } from '../errors.ts';

/**
 * Vendor codes to conditions. The SDK takes the code from the reply's `__type`, which says more than its classes and
 * `$retryable`. Codes that are not in the service's model are common to AWS services.
 */
const BY_CODE: Readonly<Record<string, ProviderErrorKind>> = {
  ResourceInUse: 'name-taken',
  ResourceNotFound: 'not-found',
  ResourceLimitExceeded: 'quota',
  ConflictException: 'conflict',
  ValidationException: 'rejected',
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  AccessDeniedException: 'unauthorized',
  AccessDenied: 'unauthorized',
  UnrecognizedClientException: 'unauthorized',
  InvalidClientTokenId: 'unauthorized',
  InvalidSignatureException: 'unauthorized',
  SignatureDoesNotMatch: 'unauthorized',
  IncompleteSignature: 'unauthorized',
  MissingAuthenticationToken: 'unauthorized',
  ExpiredTokenException: 'unauthorized',
  ExpiredToken: 'unauthorized',
  OptInRequired: 'unauthorized',
  CredentialsProviderError: 'unauthorized',
  // The service lost the connection to its caller. That says nothing about the effect, whatever the status.
  RequestTimeout: 'ambiguous',
  RequestTimeoutException: 'ambiguous',
  RequestAbortedException: 'ambiguous',
  UnknownOperationException: 'unknown',
};

/** A text that gives a ValidationException another meaning. */
const NOT_FOUND_TEXT = /could not find cluster/i;
/** A role that was just created is not known everywhere yet. This was seen to end within a minute. */
const FRESH_ROLE_TEXT = /cannot assume the execution role/i;
/** An InvalidSignatureException because our clock is wrong: the SDK signs the next call by the service's clock. */
const CLOCK_TEXT = /signature (expired|not yet current)/i;

/** Socket errors from before anything was sent: the name did not resolve, or nothing listened. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

function kindOf(error: SdkError): ProviderErrorKind {
  const status = error.$metadata?.httpStatusCode;
  if (error.name === 'ValidationException' && NOT_FOUND_TEXT.test(error.message)) return 'not-found';
  if (error.name === 'ValidationException' && FRESH_ROLE_TEXT.test(error.message)) return 'unavailable';
  if (error.name === 'InvalidSignatureException' && CLOCK_TEXT.test(error.message)) return 'unavailable';
  const known = BY_CODE[error.name];
  if (known !== undefined) return known;
  if (status === 429) return 'throttled';
  if (status === undefined) return NOT_SENT.has(error.code ?? '') ? 'unavailable' : 'ambiguous';
  // A 5xx, or a reply that is cut short or HTML (a SyntaxError with any status), says nothing about the effect.
  if (status >= 500 || status < 300 || error.name === 'SyntaxError') return 'ambiguous';
  return 'unknown';
}

/** How long the reply asks to wait, ms. */
function retryAfterMs(error: SdkError): number | undefined {
  const seconds = Number(error.$response?.headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

/** Any error of the SDK as a condition. */
export function toProviderError(call: string, cause: unknown): ProviderError {
  const error: SdkError = cause instanceof Error ? cause : new Error(String(cause));
  return new ProviderError(kindOf(error), {
    provider: 'sagemaker',
    call,
    vendorCode: error.code ?? error.name,
    text: error.message,
    retryAfterMs: retryAfterMs(error),
    cause,
  });
}

/** An error for a reply that leaves the state open. Another read will show it. */
export const ambiguous = (call: string, vendorCode: string, text: string): ProviderError =>
  new ProviderError('ambiguous', { provider: 'sagemaker', call, vendorCode, text });

/** A 200 reply without a required field: a create may have had an effect, and a list without items is not an empty list. */
export const incompleteReply = (call: string, field: string): ProviderError =>
  ambiguous(call, 'IncompleteReply', `the reply has no ${field}`);

export const isDenied = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'unauthorized';

export const isNotFound = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'not-found';
