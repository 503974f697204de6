import { z } from 'zod';
import { Ms } from '../core/durations.ts';

const MINUTE_MS = 60_000;

/**
 * How long things take at speed 1, in milliseconds. The defaults are what users of the service report; the lags of
 * visibility are off, because nobody has published them.
 */
export const Durations = z.strictObject({
  /** Creating to InService. */
  creatingMs: Ms.default(12 * MINUTE_MS),
  /** Creating until the service gives up and rolls back. */
  failingMs: Ms.default(6 * MINUTE_MS),
  /** RollingBack to Failed. */
  rollbackMs: Ms.default(5 * MINUTE_MS),
  /** Deleting until the name is free again. */
  deletingMs: Ms.default(5 * MINUTE_MS),
  /** How long a group waits for its MinInstanceCount; three hours by the service's documentation. */
  minimumWaitMs: Ms.default(180 * MINUTE_MS),
  /** After a creation, reads by name or ARN (nodes and tags too) do not find it for so long. */
  getLagMs: Ms.default(0),
  /** After a creation, ListClusters does not show it for so long. */
  listLagMs: Ms.default(0),
});
export type Durations = z.infer<typeof Durations>;
