import type { Limit } from '../core/control-messages.ts';
import type { FaultBook } from '../core/faults.ts';
import type { Account } from './account.ts';
import type { Durations } from './durations.ts';
import type { Behaviour } from './behaviour.ts';

/** What operations work on; one per simulator. */
export interface Setting {
  readonly account: Account;
  readonly faults: FaultBook;
  readonly apiKey: string;
  /** Limits by the options of the process; those of the account's state go over them. */
  readonly capacity: readonly Limit[];
  readonly quotas: readonly Limit[];
  readonly behaviour: Behaviour;
  /** Already shortened by the speed factor. */
  readonly durations: Durations;
  /** How far durations may stray, as a fraction. */
  readonly jitter: number;
  readonly seed: string;
}

/** One carrying-out of an operation. A delayed one happens at the time it was due, not when it is noticed. */
export interface Moment {
  readonly nowMs: number;
  readonly requestId: string;
}

/** A call's parts: the id in its path, its query and its body. */
export interface Input {
  readonly id: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What an operation answers. */
export interface Output {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operation: checks its input and answers, or throws a Refusal. */
export type Operation = (setting: Setting, moment: Moment, input: Input) => Output;
