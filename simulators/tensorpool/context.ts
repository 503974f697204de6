import type { CallInfo, CommonContext } from '../core/context.ts';
import type { Account, Input } from './account.ts';
import type { Behaviour } from './behaviour.ts';
import type { Durations } from './durations.ts';

/** What operations work on; one per simulator. */
export interface Context extends CommonContext<Account, Durations> {
  readonly apiKey: string;
  readonly behaviour: Behaviour;
}

export type { CallInfo, Input };

/** What an operation answers. */
export interface Output {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operation: checks its input and answers, or throws a Refusal. */
export type Operation = (context: Context, call: CallInfo, input: Input) => Output;
