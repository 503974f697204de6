import type { Limit } from '../core/control-messages.ts';
import type { FaultBook } from '../core/faults.ts';
import type { Account } from './account.ts';
import type { Durations } from './durations.ts';

/** What operations work on; one per simulator. */
export interface Setting {
  readonly account: Account;
  readonly accountId: string;
  readonly faults: FaultBook;
  /** Limits by the options of the process; those of the account's state go over them. */
  readonly capacity: readonly Limit[];
  readonly quotas: readonly Limit[];
  /** Already shortened by the speed factor. */
  readonly durations: Durations;
  /** How far durations may stray, as a fraction. */
  readonly jitter: number;
  readonly seed: string;
}

/** One carrying-out of an operation. A delayed one happens at the time it was due, not when it is noticed. */
export interface Moment {
  readonly region: string;
  readonly nowMs: number;
  readonly requestId: string;
}

/** An operation: checks its input and returns the output, or throws an AwsError. */
export type Operation = (setting: Setting, moment: Moment, body: unknown) => unknown;
