import type { SetLimit } from '../core/control-messages.ts';
import type { FaultBook } from '../core/faults.ts';
import type { Account } from './account.ts';
import type { Durations } from './durations.ts';
import type { Parameters } from './parameters.ts';

/** What operations work on; one per simulator. */
export interface Setting {
  readonly account: Account;
  readonly faults: FaultBook;
  /** Limits by the options of the process; those of the account's state go over them. */
  readonly capacity: readonly SetLimit[];
  readonly quotas: readonly SetLimit[];
  /** Already shortened by the speed factor. */
  readonly durations: Durations;
  /** How far durations may stray, as a fraction. */
  readonly jitter: number;
  readonly seed: string;
  /** For the calls whose RegionId may be left out. */
  readonly defaultRegion: string;
}

/** One carrying-out of an operation. A delayed one happens at the time it was due, not when it is noticed. */
export interface Moment {
  readonly nowMs: number;
  readonly requestId: string;
}

export type Output = Readonly<Record<string, unknown>>;

/** An operation: checks its parameters and returns the output without its request id, or throws an EcsError. */
export type Operation = (setting: Setting, moment: Moment, parameters: Parameters) => Output;
