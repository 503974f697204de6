import type { CallInfo, CommonContext } from '../core/context.ts';
import type { Account } from './account.ts';
import type { Durations } from './durations.ts';
import type { Parameters } from './parameters.ts';

/** What operations work on; one per simulator. */
export interface Context extends CommonContext<Account, Durations> {
  /** The region of calls that may leave out RegionId. */
  readonly defaultRegion: string;
}

export type { CallInfo };

/** What an operation answers, without the request id. */
export type Output = Readonly<Record<string, unknown>>;

/** An operation: checks its parameters and returns its output, or throws a Refusal. */
export type Operation = (context: Context, call: CallInfo, parameters: Parameters) => Output;
