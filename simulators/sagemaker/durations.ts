import { z } from 'zod';
import type { Random } from '../core/random.ts';

const MINUTE_MS = 60_000;
const Ms = z.number().nonnegative();

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

/** Shortens all durations by the speed factor. */
export function atSpeed(durations: Durations, speed: number): Durations {
  const entries = Object.entries(durations).map(([name, ms]) => [name, ms / speed]);
  return Object.fromEntries(entries) as Durations;
}

/** A duration as one cluster has it: up to `jitter` (a fraction) longer or shorter. */
export function jittered(ms: number, jitter: number, random: Random): number {
  return Math.round(ms * (1 + jitter * (2 * random.fraction() - 1)));
}
