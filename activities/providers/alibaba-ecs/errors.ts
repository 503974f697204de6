import { ProviderError, type ProviderErrorDetails, type ProviderErrorKind } from '../errors.ts';
import type { FoundCluster } from '../provider.ts';

/**
 * Vendor codes to conditions. Only the code tells: InternalError comes with HTTP 404 at one operation, and the SDK's
 * classes go by the status. Codes that begin alike and mean alike stand in {@link BY_PATTERN}.
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
  // Same token, other bytes: a bug of ours, and no word on what the first send did.
  IdempotentParameterMismatch: 'unknown',
  'InvalidIdempotenceParameter.Mismatch': 'unknown',
  // An earlier send of the same token is still at work.
  LastTokenProcessing: 'ambiguous',
  // The request came before: what it did then is not told.
  SignatureNonceUsed: 'ambiguous',
  InternalError: 'ambiguous',
  ServiceUnavailable: 'ambiguous',
  RequestTimeout: 'ambiguous',
  InvalidVersion: 'unknown',
  'InvalidAction.NotFound': 'unknown',
};

/** The first that fits. */
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

/** Kinds that pass within seconds, so that the same call may be sent again at once. */
const PASSING: ReadonlySet<ProviderErrorKind> = new Set(['throttled', 'unavailable', 'ambiguous']);

/** Passes too, while a container was just made; later it is a refusal. */
const UNKNOWN_CONTAINER = 'InvalidHpcClusterId.NotFound';

/** Socket faults before a byte was sent: the name did not resolve, or nobody listened. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** The adapter's own error: it can be told again, once it is known what stands all the same. */
export class EcsError extends ProviderError {
  readonly #details: ProviderErrorDetails;

  constructor(kind: ProviderErrorKind, details: Omit<ProviderErrorDetails, 'provider'>) {
    super(kind, { provider: 'alibaba-ecs', ...details });
    this.#details = { provider: 'alibaba-ecs', ...details };
  }

  /** Whether sending the same bytes again within seconds is safe, by their token, and may help. */
  get passes(): boolean {
    return PASSING.has(this.kind) || this.isOfUnknownContainer;
  }

  /** Whether the call named a container that the service does not know. */
  get isOfUnknownContainer(): boolean {
    return this.#details.vendorCode === UNKNOWN_CONTAINER;
  }

  /** The same, with what it leaves behind. */
  leaving(leftover: FoundCluster): EcsError {
    return new EcsError(this.kind, { ...this.#details, leftover });
  }

  /** The same, of a call whose earlier parts had an effect: it does not tell of theirs. */
  unsettled(): EcsError {
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
  // Without a status it is no reply of the service: a time that ran out, a socket's fault, a body that is not JSON.
  if (status === undefined) return NOT_SENT.has(code) ? 'unavailable' : 'ambiguous';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (status >= 500 && !code.startsWith('Throttling')) return 'ambiguous';
  const fitting = BY_PATTERN.find(([pattern]) => pattern.test(code));
  if (fitting !== undefined) return fitting[1];
  return status === 429 ? 'throttled' : 'unknown';
}

/**
 * Any error of the SDK as a condition. Its messages hold the whole address with every parameter, and the service's own
 * words on a bad signature do too: what is repeated is the service's message without addresses, and else our words.
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
  return 'the reply cannot be read';
}

function redacted(code: string, message: unknown): string {
  if (typeof message !== 'string' || code.includes('Signature')) return 'refused';
  return message.replace(/\b[a-z]+:\/\/\S+/gi, '[address]').replace(/\S*[?&]\S+=\S+/g, '[parameters]');
}

/** A reply that does not say what it must: another look tells. */
export const unsure = (call: string, vendorCode: string, text: string): EcsError =>
  new EcsError('ambiguous', { call, vendorCode, text });

/** A 200 whose body lacks what it must have: on create it says nothing of the effect, and a list without items is none. */
export const incompleteReply = (call: string, field: string): EcsError =>
  unsure(call, 'IncompleteReply', `the reply has no ${field}`);

export const isNotFound = (error: unknown): boolean => error instanceof ProviderError && error.kind === 'not-found';
