import { z } from 'zod';
import { Ms } from '../core/durations.ts';
import { VISIBILITY_LAGS } from '../core/visibility.ts';

const MINUTE_MS = 60_000;

/**
 * How long things take at speed 1, in milliseconds. The defaults are what users of the service report. Reads by name or
 * ARN include the calls for nodes and tags.
 */
export const Durations = z.strictObject({
  /** From Creating to InService. */
  creatingMs: Ms.default(12 * MINUTE_MS),
  /** From Creating until the service gives up and rolls back. */
  failingMs: Ms.default(6 * MINUTE_MS),
  /** From RollingBack to Failed. */
  rollbackMs: Ms.default(5 * MINUTE_MS),
  /** From Deleting until the name is free again. */
  deletingMs: Ms.default(5 * MINUTE_MS),
  /** How long a group waits for its MinInstanceCount: three hours by the service's documentation. */
  minimumWaitMs: Ms.default(180 * MINUTE_MS),
  ...VISIBILITY_LAGS,
});
export type Durations = z.infer<typeof Durations>;
