import type { FailureType } from '../../contracts/failures.ts';
import { MAX_VENDOR_TEXT } from '../../contracts/limits.ts';
import type { FoundCluster } from './provider.ts';

/**
 * What went wrong at a provider, as a condition:
 * `throttled`, `unavailable`, `conflict`, `not-found`, `rejected`, `quota`, `capacity`, `unauthorized` and `name-taken`
 * are definite (the call had no effect); `ambiguous` says nothing about the effect, and neither does `unknown`.
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

/** Where a provider's error came from. */
export interface ProviderErrorDetails {
  readonly provider: string;
  /** The vendor's operation, such as CreateCluster. */
  readonly call: string;
  /** The vendor's own code, such as ResourceInUse. */
  readonly vendorCode: string;
  /** The vendor's text; shortened here, and redacted by the adapter before. */
  readonly text: string;
  /** How long the vendor asks to wait, ms. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
  /** A part of the cluster that stands although the create failed: it must be made absent. */
  readonly made?: FoundCluster | undefined;
}

/** Thrown by adapters and by nothing else. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly made: FoundCluster | undefined;

  constructor(kind: ProviderErrorKind, details: ProviderErrorDetails) {
    const { provider, call, vendorCode, text } = details;
    super(`${provider} ${call}: ${vendorCode}: ${text.slice(0, MAX_VENDOR_TEXT)}`, { cause: details.cause });
    this.kind = kind;
    this.retryAfterMs = details.retryAfterMs;
    this.made = details.made;
  }

  /** Whether the provider said definitely that the call had no effect. */
  get definite(): boolean {
    return KINDS[this.kind].definite;
  }

  /** The failure that it becomes. */
  get failureType(): FailureType {
    return KINDS[this.kind].type;
  }
}
