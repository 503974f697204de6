import type { FaultRuleInput } from '../../../simulators/index.ts';

export type Fault = FaultRuleInput['fault'];

/** Longest call of the adapter, ms: enough for an ordinary call on a busy machine. */
export const CALL_TIMEOUT_MS = 1_000;

/** What can happen between us and any vendor, before or after the call has its effect. */
const NETWORK_FAULTS = {
  'internal error before': { kind: 'error', type: 'InternalFailure', status: 500 },
  'internal error after': { kind: 'error', type: 'InternalFailure', status: 500, when: 'after' },
  'unavailable before': { kind: 'error', type: 'ServiceUnavailable', status: 503 },
  'unavailable after': { kind: 'error', type: 'ServiceUnavailable', status: 503, when: 'after' },
  throttle: { kind: 'throttle' },
  'throttle with a hint': { kind: 'throttle', status: 429, retryAfterSeconds: 1 },
  'hang before': { kind: 'hang' },
  'hang after': { kind: 'hang', when: 'after' },
  'reset before': { kind: 'reset' },
  'reset after': { kind: 'reset', when: 'after' },
  'late reset before': { kind: 'hang', forMs: 50 },
  'late reset after': { kind: 'hang', when: 'after', forMs: 50 },
  truncate: { kind: 'truncate' },
  'html before': { kind: 'html' },
  'html after': { kind: 'html', status: 502, when: 'after' },
  empty: { kind: 'empty' },
  'late effect': { kind: 'late-cluster', afterMs: 100 },
  'delay before': { kind: 'delay', when: 'before', ms: 60 },
  'delay after': { kind: 'delay', when: 'after', ms: 60 },
  'too long before': { kind: 'delay', when: 'before', ms: 1.5 * CALL_TIMEOUT_MS },
  'too long after': { kind: 'delay', when: 'after', ms: 1.5 * CALL_TIMEOUT_MS },
  duplicate: { kind: 'duplicate' },
} as const satisfies Record<string, Fault>;

/** Errors that every vendor has, each with its own reply. */
export const VENDOR_FAULTS = [
  'validation',
  'quota',
  'access denied',
  'unknown code',
  'not found',
  'in use',
  'in use, after the effect',
  'conflict',
] as const;

export type VendorFaultName = (typeof VENDOR_FAULTS)[number];
export type FaultName = keyof typeof NETWORK_FAULTS | VendorFaultName;

export const FAULT_NAMES = [...Object.keys(NETWORK_FAULTS), ...VENDOR_FAULTS] as readonly FaultName[];

/** A fault by its name, for this provider's simulator. */
export const faultOf = (
  name: FaultName,
  { vendorFaults }: { readonly vendorFaults: Readonly<Record<VendorFaultName, Fault>> },
): Fault =>
  name in NETWORK_FAULTS ? NETWORK_FAULTS[name as keyof typeof NETWORK_FAULTS] : vendorFaults[name as VendorFaultName];
