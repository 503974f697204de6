import type { Limit } from './control-messages.ts';
import type { DurationTable } from './durations.ts';
import type { FaultRules } from './faults.ts';

/** What the operations of every provider work on; one per simulator. */
export interface CommonContext<Account, Durations extends DurationTable> {
  readonly account: Account;
  readonly faults: FaultRules;
  /** The limits in the options of the process. Those that the control API sets are in the account and override them. */
  readonly capacity: readonly Limit[];
  readonly quotas: readonly Limit[];
  /** Already divided by the speed. */
  readonly durations: Durations;
  /** How far a duration may differ from its setting, as a fraction. */
  readonly jitter: number;
  readonly seed: string;
}

/** When an operation is carried out, and for which call. A deferred call runs at the time when it was due. */
export interface CallInfo {
  /** Simulated milliseconds since the epoch. */
  readonly nowMs: number;
  readonly requestId: string;
}
