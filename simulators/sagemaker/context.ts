import type { CallInfo as CommonCallInfo, CommonContext } from '../core/context.ts';
import type { Account } from './account.ts';
import type { Durations } from './durations.ts';

/** What operations work on; one per simulator. */
export interface Context extends CommonContext<Account, Durations> {
  readonly accountId: string;
}

/** When an operation is carried out, for which call, and in which region. */
export interface CallInfo extends CommonCallInfo {
  readonly region: string;
}

/** An operation: checks its input and returns its output, or throws a Refusal. */
export type Operation = (context: Context, call: CallInfo, body: unknown) => unknown;
