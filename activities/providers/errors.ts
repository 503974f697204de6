import type { FailureType } from '../../contracts/failures.ts';
import { MAX_VENDOR_TEXT } from '../../contracts/limits.ts';
import type { FoundCluster } from './provider.ts';

/**
 * What went wrong at a provider, as a condition. `ambiguous` and `unknown` do not say whether the call had an effect. All
 * others are definite: the call had no effect.
 */
export type ProviderErrorKind = keyof typeof KINDS;

const KINDS = {
  throttled: { type: 'Throttled', definite: true },
  unavailable: { type: 'Unavailable', definite: true },
  conflict: { type: 'Unavailable', definite: true },
  'not-found': { type: 'ClusterFailed', definite: true },
  rejected: { type: 'ProviderRejected', definite: true },
  quota: { type: 'QuotaExceeded', definite: true },
  capacity: { type: 'InsufficientCapacity', definite: true },
  unauthorized: { type: 'Unauthorized', definite: true },
  'name-taken': { type: 'NameTaken', definite: true },
  ambiguous: { type: 'Ambiguous', definite: false },
  unknown: { type: 'Unknown', definite: false },
} as const satisfies Record<string, { type: FailureType; definite: boolean }>;

/** What an adapter knows about an error. */
export interface ProviderErrorDetails {
  readonly provider: string;
  /** The vendor's operation, such as CreateCluster. */
  readonly call: string;
  /** The vendor's own code, such as ResourceInUse. */
  readonly vendorCode: string;
  /** The vendor's text. The adapter has redacted it; it is shortened here. */
  readonly text: string;
  /** How long the vendor asks to wait, ms. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
  /** The part of the cluster that exists although the create failed. It must be deleted. */
  readonly leftover?: FoundCluster | undefined;
}

/** The only error that adapters throw. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly leftover: FoundCluster | undefined;

  constructor(kind: ProviderErrorKind, details: ProviderErrorDetails) {
    const { provider, call, vendorCode, text } = details;
    super(`${provider} ${call}: ${vendorCode}: ${text.slice(0, MAX_VENDOR_TEXT)}`, { cause: details.cause });
    this.kind = kind;
    this.retryAfterMs = details.retryAfterMs;
    this.leftover = details.leftover;
  }

  /** Whether the call definitely had no effect. */
  get definite(): boolean {
    return KINDS[this.kind].definite;
  }

  /** The failure type that a step reports for it. */
  get failureType(): FailureType {
    return KINDS[this.kind].type;
  }
}
