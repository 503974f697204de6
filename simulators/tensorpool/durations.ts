import { z } from 'zod';
import { Ms } from '../core/durations.ts';
import { VISIBILITY_LAGS } from '../core/visibility.ts';

const SECOND_MS = 1_000;

/**
 * How long things take at speed 1, in milliseconds. The vendor says "typically 1-2 minutes" to a ready cluster (SKILL.md
 * of its client); the rest are guesses.
 */
export const Durations = z.strictObject({
  /** From a create until it leaves PENDING. */
  pendingMs: Ms.default(10 * SECOND_MS),
  /** From a create to RUNNING, PENDING included. */
  claimingMs: Ms.default(90 * SECOND_MS),
  /** From a create to FAILED. */
  failingMs: Ms.default(60 * SECOND_MS),
  /** From the deletion to its end. */
  releasingMs: Ms.default(45 * SECOND_MS),
  /** From an edit to its end. */
  editingMs: Ms.default(5 * SECOND_MS),
  ...VISIBILITY_LAGS,
});
export type Durations = z.infer<typeof Durations>;
