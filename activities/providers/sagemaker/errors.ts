import { ProviderError, type ProviderErrorKind } from '../errors.ts';

/**
 * Vendor codes to conditions. The SDK takes the code from the reply's `__type`; classes and `$retryable` say less.
 * Codes that the service model does not list are those common to AWS services.
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
  // The service lost the connection to its caller: it tells nothing of the effect, whatever the status.
  RequestTimeout: 'ambiguous',
  RequestTimeoutException: 'ambiguous',
  RequestAbortedException: 'ambiguous',
  UnknownOperationException: 'unknown',
};

/** Texts of a ValidationException that mean something else. */
const NOT_FOUND_TEXT = /could not find cluster/i;
/** A role made moments ago is not known everywhere yet: seen to pass within a minute. */
const FRESH_ROLE_TEXT = /cannot assume the execution role/i;
/** Texts of an InvalidSignatureException for a clock that jumped: the SDK signs the next call by the service's clock. */
const CLOCK_TEXT = /signature (expired|not yet current)/i;

/** Socket faults before a byte was sent: the name did not resolve, or nobody listened. */
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
  // A 5xx, a reply cut short or in HTML (a SyntaxError, whatever its status): it says nothing of the effect.
  if (status >= 500 || status < 300 || error.name === 'SyntaxError') return 'ambiguous';
  return 'unknown';
}

/** The wait that a reply asks for, ms. */
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

/** A reply that does not say what it must: another look tells. */
export const unsure = (call: string, vendorCode: string, text: string): ProviderError =>
  new ProviderError('ambiguous', { provider: 'sagemaker', call, vendorCode, text });

/** A 200 whose body lacks what it must have: on create it says nothing of the effect, and a list without items is none. */
export const incompleteReply = (call: string, field: string): ProviderError =>
  unsure(call, 'IncompleteReply', `the reply has no ${field}`);

export const isDenied = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'unauthorized';

export const isNotFound = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'not-found';
