import type { CommonSetting, Moment as CommonMoment } from '../core/setting.ts';
import type { Account } from './account.ts';
import type { Durations } from './durations.ts';

/** What operations work on; one per simulator. */
export interface Setting extends CommonSetting<Account, Durations> {
  readonly accountId: string;
}

/** One carrying-out of an operation, in the region that was called. */
export interface Moment extends CommonMoment {
  readonly region: string;
}

/** An operation: checks its input and returns the output, or throws an AwsError. */
export type Operation = (setting: Setting, moment: Moment, body: unknown) => unknown;
