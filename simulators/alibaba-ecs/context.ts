import type { CommonSetting, Moment } from '../core/setting.ts';
import type { Account } from './account.ts';
import type { Durations } from './durations.ts';
import type { Parameters } from './parameters.ts';

/** What operations work on; one per simulator. */
export interface Setting extends CommonSetting<Account, Durations> {
  /** For the calls whose RegionId may be left out. */
  readonly defaultRegion: string;
}

export type { Moment };

export type Output = Readonly<Record<string, unknown>>;

/** An operation: checks its parameters and returns the output without its request id, or throws an EcsError. */
export type Operation = (setting: Setting, moment: Moment, parameters: Parameters) => Output;
