import { z } from 'zod';
import type { Random } from './random.ts';

/** A duration as options give it, in milliseconds. */
export const Ms = z.number().nonnegative();

/** A provider's durations, by name. */
export type DurationTable = Readonly<Record<string, number>>;

/** Shortens all durations by the speed factor. */
export function atSpeed<D extends DurationTable>(durations: D, speed: number): D {
  const entries = Object.entries(durations).map(([name, ms]) => [name, ms / speed]);
  return Object.fromEntries(entries) as D;
}

/** A duration as one thing has it: up to `jitter` (a fraction) longer or shorter. */
export function jittered(ms: number, jitter: number, random: Random): number {
  return Math.round(ms * (1 + jitter * (2 * random.fraction() - 1)));
}
