import { z } from 'zod';
import { Ms } from '../core/durations.ts';

const SECOND_MS = 1_000;

/**
 * How long things take at speed 1, in milliseconds. "Typically 1-2 minutes" to a ready cluster is the vendor's word
 * (SKILL.md of its client); the rest is guessed, and the lags of visibility are off.
 */
export const Durations = z.strictObject({
  /** A request waits in PENDING. */
  pendingMs: Ms.default(10 * SECOND_MS),
  /** From birth to RUNNING, PENDING included. */
  claimingMs: Ms.default(90 * SECOND_MS),
  /** From birth to FAILED. */
  failingMs: Ms.default(60 * SECOND_MS),
  /** From the deletion to its end. */
  releasingMs: Ms.default(45 * SECOND_MS),
  /** From an edit to its end. */
  editingMs: Ms.default(5 * SECOND_MS),
  /** After a creation, reads by id do not find it for so long. */
  getLagMs: Ms.default(0),
  /** After a creation, the list does not show it for so long. */
  listLagMs: Ms.default(0),
});
export type Durations = z.infer<typeof Durations>;
