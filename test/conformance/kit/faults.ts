import type { Fault, ProviderCase } from './case.ts';

/** Longest call of the adapter under test, ms: a busy machine must get an ordinary call through in it. */
export const CALL_TIMEOUT_MS = 1_000;

/** What can happen on the way to any vendor, by name: before its effect or after it. */
const ON_THE_WAY = {
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

/** Errors that every vendor has and words in its own way. */
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
export type FaultName = keyof typeof ON_THE_WAY | VendorFaultName;

export const FAULT_NAMES = [...Object.keys(ON_THE_WAY), ...VENDOR_FAULTS] as readonly FaultName[];

/** A fault by its name, as this provider's simulator is told it. */
export const faultOf = (name: FaultName, { vendorFaults }: ProviderCase): Fault =>
  name in ON_THE_WAY ? ON_THE_WAY[name as keyof typeof ON_THE_WAY] : vendorFaults[name as VendorFaultName];
