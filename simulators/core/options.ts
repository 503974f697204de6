import { z } from 'zod';
import { Limit } from './control-messages.ts';

/** What every simulator of a process shares. */
export interface SharedOptions {
  readonly seed: string;
  readonly speed: number;
  /** The simulator's own folder, or undefined to keep nothing. */
  readonly folder: string | undefined;
}

/** What the options of every provider's simulator have in common. */
export const CommonOptions = z.strictObject({
  /** 0 takes a free port. */
  port: z.int().min(0).max(65_535).default(0),
  /** How far durations may stray, as a fraction; the seed decides how far they do. */
  jitter: z.number().min(0).max(1).default(0.1),
  /** Where there is never anything to be had; a missing region or type stands for all. */
  noCapacity: z.array(Limit.omit({ nodes: true })).default([]),
});

/** The capacity of the options as one list; where there is never anything comes last, so that it wins. */
export function capacityOf(options: {
  readonly capacity: readonly Limit[];
  readonly noCapacity: readonly Omit<Limit, 'nodes'>[];
}): Limit[] {
  return [...options.capacity, ...options.noCapacity.map((place) => ({ ...place, nodes: 0 }))];
}
