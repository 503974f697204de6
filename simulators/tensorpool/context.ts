import type { CommonSetting, Moment } from '../core/setting.ts';
import type { Account } from './account.ts';
import type { Durations } from './durations.ts';
import type { Behaviour } from './behaviour.ts';

/** What operations work on; one per simulator. */
export interface Setting extends CommonSetting<Account, Durations> {
  readonly apiKey: string;
  readonly behaviour: Behaviour;
}

export type { Moment };

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
