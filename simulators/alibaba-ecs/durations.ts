import { z } from 'zod';
import { Ms } from '../core/durations.ts';

const MINUTE_MS = 60_000;

/**
 * How long things take at speed 1, in milliseconds. The service publishes none of these numbers; the defaults are of
 * the size its users report, and the lags of visibility are off.
 */
export const Durations = z.strictObject({
  /** After its creation a container refuses instances as "creating" for so long. */
  hpcCreatingMs: Ms.default(5_000),
  /** Pending to Starting. */
  pendingMs: Ms.default(MINUTE_MS / 2),
  /** Starting to Running. */
  startingMs: Ms.default(MINUTE_MS),
  /** Starting to Running, of bare metal. */
  bareMetalStartingMs: Ms.default(6 * MINUTE_MS),
  /** A released instance shows as Stopping, and keeps its container from being deleted, for so long. */
  releasingMs: Ms.default(MINUTE_MS / 2),
  /** After a creation, calls by id do not find it for so long; RunInstances does not find a container either. */
  getLagMs: Ms.default(0),
  /** After a creation, lists without ids do not show it for so long. */
  listLagMs: Ms.default(0),
  /** A call with a ClientToken counts as still in work for so long: repeats are told LastTokenProcessing. */
  tokenProcessingMs: Ms.default(0),
  /** How long a ClientToken is remembered after its first use. The service does not say. */
  tokenWindowMs: Ms.default(24 * 60 * MINUTE_MS),
});
export type Durations = z.infer<typeof Durations>;
