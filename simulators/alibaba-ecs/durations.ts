import { z } from 'zod';
import { Ms } from '../core/durations.ts';
import { VISIBILITY_LAGS } from '../core/visibility.ts';

const MINUTE_MS = 60_000;

/**
 * How long things take at speed 1, in milliseconds. The service publishes none of these numbers; the defaults are of
 * the size that its users report. Reads by id include RunInstances, which looks for its container.
 */
export const Durations = z.strictObject({
  /** From a container's creation until it accepts instances. */
  hpcCreatingMs: Ms.default(5_000),
  /** From Pending to Starting. */
  pendingMs: Ms.default(MINUTE_MS / 2),
  /** From Starting to Running. */
  startingMs: Ms.default(MINUTE_MS),
  /** From Starting to Running, for bare metal. */
  bareMetalStartingMs: Ms.default(6 * MINUTE_MS),
  /** From an instance's release until it no longer exists. Until then its container cannot be deleted. */
  releasingMs: Ms.default(MINUTE_MS / 2),
  /** How long a call with a ClientToken counts as running: until then its repeats get LastTokenProcessing. */
  tokenProcessingMs: Ms.default(0),
  /** How long a ClientToken is remembered after its first use. The service does not say. */
  tokenWindowMs: Ms.default(24 * 60 * MINUTE_MS),
  ...VISIBILITY_LAGS,
});
export type Durations = z.infer<typeof Durations>;
