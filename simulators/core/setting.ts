import type { Limit } from './control-messages.ts';
import type { DurationTable } from './durations.ts';
import type { FaultBook } from './faults.ts';

/** What operations of every provider work on; one per simulator. */
export interface CommonSetting<A, D extends DurationTable> {
  readonly account: A;
  readonly faults: FaultBook;
  /** Limits by the options of the process; those of the account's state go over them. */
  readonly capacity: readonly Limit[];
  readonly quotas: readonly Limit[];
  /** Already shortened by the speed factor. */
  readonly durations: D;
  /** How far durations may stray, as a fraction. */
  readonly jitter: number;
  readonly seed: string;
}

/** One carrying-out of an operation. A delayed one happens at the time it was due, not when it is noticed. */
export interface Moment {
  readonly nowMs: number;
  readonly requestId: string;
}
