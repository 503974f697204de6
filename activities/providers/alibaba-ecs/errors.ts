import { ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '../errors.ts';
import type { FoundCluster } from '../provider.ts';

/**
 * Vendor codes to conditions. Only the code is reliable: one operation returns InternalError with HTTP 404, and the SDK
 * derives its error classes from the status. {@link BY_PATTERN} has the codes that share a prefix and a meaning.
 */
const BY_CODE: Readonly<Record<string, ProviderErrorKind>> = {
  'NotExists.HpcCluster': 'not-found',
  'InvalidInstanceId.NotFound': 'not-found',
  'NotEmpty.HpcCluster': 'conflict',
  'InvalidOperation.DeletionProtection': 'conflict',
  'InvalidHpcClusterId.Creating': 'unavailable',
  'OperationDenied.ResourceControl': 'unavailable',
  'OperationDenied.CreatingConflict': 'unavailable',
  'OperationDenied.NoStock': 'capacity',
  'Zone.NotOnSale': 'capacity',
  InsufficientBalance: 'quota',
  InvalidPayMethod: 'quota',
  'Account.Arrearage': 'quota',
  'InvalidAccountStatus.NotEnoughBalance': 'quota',
  // The same token with another body is a bug of ours. It says nothing about the first send.
  IdempotentParameterMismatch: 'unknown',
  'InvalidIdempotenceParameter.Mismatch': 'unknown',
  // An earlier send with this token is still being processed.
  LastTokenProcessing: 'ambiguous',
  // The service has seen this request before. It does not say what the request did.
  SignatureNonceUsed: 'ambiguous',
  InternalError: 'ambiguous',
  ServiceUnavailable: 'ambiguous',
  RequestTimeout: 'ambiguous',
  InvalidVersion: 'unknown',
  'InvalidAction.NotFound': 'unknown',
};

/** The first matching pattern counts. */
const BY_PATTERN: readonly (readonly [RegExp, ProviderErrorKind])[] = [
  [/^Throttling/, 'throttled'],
  [/^(Forbidden|NoPermission)/, 'unauthorized'],
  [/^(InvalidAccessKeyId|InvalidSecurityToken|MissingSecurityToken|InvalidTimeStamp)/, 'unauthorized'],
  [/^(SignatureDoesNotMatch|IncompleteSignature|SignatureMismatch)/, 'unauthorized'],
  [/^(QuotaExceed|QuotaExceeded)(\.|$)/, 'quota'],
  [/^(IncorrectInstanceStatus|DependencyViolation)(\.|$)/, 'conflict'],
  [/^(MissingParameter|UnsupportedParameter|InstanceType\.Offline|NumberExceed)/, 'rejected'],
  [/^Invalid(\.|[A-Z])/, 'rejected'],
];

/** Conditions that often end within seconds: the same call may be repeated. */
const TRANSIENT: ReadonlySet<ProviderErrorKind> = new Set(['throttled', 'unavailable', 'ambiguous']);

/** Transient as well, just after the container was created. Later it is a refusal. */
const UNKNOWN_CONTAINER = 'InvalidHpcClusterId.NotFound';

/** Socket errors from before anything was sent: the name did not resolve, or nothing listened. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** The adapter's own error. The steps of a create can derive another error from it. */
export class EcsError extends ProviderError {
  readonly #details: ProviderErrorDetails;

  constructor(kind: ProviderErrorKind, details: Omit<ProviderErrorDetails, 'provider'>) {
    super(kind, { provider: 'alibaba-ecs', ...details });
    this.#details = { provider: 'alibaba-ecs', ...details };
  }

  /** Whether repeating the call within seconds may help. Its token makes a repeat safe. */
  get isTransient(): boolean {
    return TRANSIENT.has(this.kind) || this.isUnknownContainer;
  }

  /** Whether the service does not know the container that the call names. */
  get isUnknownContainer(): boolean {
    return this.#details.vendorCode === UNKNOWN_CONTAINER;
  }

  /** The same error with a leftover. */
  withLeftover(leftover: FoundCluster): EcsError {
    return new EcsError(this.kind, { ...this.#details, leftover });
  }

  /** The same error as ambiguous: earlier calls may have had an effect, about which it says nothing. */
  asAmbiguous(): EcsError {
    return new EcsError('ambiguous', this.#details);
  }
}

interface SdkError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly retryAfter?: number;
  readonly data?: { readonly Message?: unknown };
}

function kindOf(code: string, status: number | undefined): ProviderErrorKind {
  // Without a status this is not a reply of the service: a timeout, a socket error, or a body that is not JSON.
  if (status === undefined) return NOT_SENT.has(code) ? 'unavailable' : 'ambiguous';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (status >= 500 && !code.startsWith('Throttling')) return 'ambiguous';
  const fitting = BY_PATTERN.find(([pattern]) => pattern.test(code));
  if (fitting !== undefined) return fitting[1];
  return status === 429 ? 'throttled' : 'unknown';
}

/**
 * Any error of the SDK as a condition. The SDK's messages contain the full URL with all parameters, and so do the service's
 * messages about a bad signature. So only the service's message is repeated, without URLs; otherwise ours is used.
 */
export function toProviderError(call: string, cause: unknown): EcsError {
  if (cause instanceof EcsError) return cause;
  const error: SdkError = cause instanceof Error ? cause : new Error('not an error');
  const { statusCode: status, retryAfter } = error;
  const code = error.code ?? error.name;
  return new EcsError(kindOf(code, status), {
    call,
    vendorCode: code,
    text: status === undefined ? withoutReply(error) : redacted(code, error.data?.Message),
    retryAfterMs: retryAfter !== undefined && retryAfter > 0 ? retryAfter : undefined,
  });
}

function withoutReply(error: SdkError): string {
  if (error.name === 'RequestTimeoutError') return 'no answer in time';
  if (error.code !== undefined) return 'the connection failed';
  return 'the reply is not readable';
}

function redacted(code: string, message: unknown): string {
  if (typeof message !== 'string' || code.includes('Signature')) return 'refused';
  return message.replace(/\b[a-z]+:\/\/\S+/gi, '[address]').replace(/\S*[?&]\S+=\S+/g, '[parameters]');
}

/** An error for a reply that leaves the state open. Another read will show it. */
export const ambiguous = (call: string, vendorCode: string, text: string): EcsError =>
  new EcsError('ambiguous', { call, vendorCode, text });

/** A 200 reply without a required field: a create may have had an effect, and a list without items is not an empty list. */
export const incompleteReply = (call: string, field: string): EcsError =>
  ambiguous(call, 'IncompleteReply', `the reply has no ${field}`);

export const isNotFound = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'not-found';
