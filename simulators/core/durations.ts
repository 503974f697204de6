import { z } from 'zod';
import type { Random } from './random.ts';

/** A duration in milliseconds. */
export const Ms = z.number().nonnegative();

/** A provider's durations, by name. */
export type DurationTable = Readonly<Record<string, number>>;

/** Divides all durations by the speed. */
export function scaleBySpeed<D extends DurationTable>(durations: D, speed: number): D {
  const entries = Object.entries(durations).map(([name, ms]) => [name, ms / speed]);
  return Object.fromEntries(entries) as D;
}

/** The duration for one cluster: longer or shorter by at most `jitter`, a fraction. */
export function withJitter(ms: number, jitter: number, random: Random): number {
  return Math.round(ms * (1 + jitter * (2 * random.fraction() - 1)));
}
