import { z } from 'zod';
import { Limit } from './control-messages.ts';
import type { DurationTable } from './durations.ts';

/** The options that all simulators of one process share. */
export interface SharedOptions {
  /** Decides ids and durations. */
  readonly seed: string;
  /** Divides every duration; 60 turns a minute into a second. */
  readonly speed: number;
  /** The simulator's own folder, or undefined to keep nothing on disk. */
  readonly folder: string | undefined;
}

/** The options that every provider's simulator has. */
export const CommonOptions = z.strictObject({
  /** 0 takes a free port. */
  port: z.int().min(0).max(65_535).default(0),
  /** How far a duration may differ from its setting, as a fraction; the seed decides by how much it does. */
  jitter: z.number().min(0).max(1).default(0.1),
  /** Nodes that exist in all. Without a limit that fits, there are always enough. */
  capacity: z.array(Limit).default([]),
  /** Regions and types without any node; a region or type left out means all of them. Overrides `capacity`. */
  noCapacity: z.array(Limit.omit({ nodes: true })).default([]),
  /** Nodes that calls may ask for; a create beyond them is refused. */
  quotas: z.array(Limit).default([]),
});
export type CommonOptions = z.output<typeof CommonOptions>;

/** The options of every provider's world. Without a folder nothing outlives the process. */
export interface CommonWorldOptions<Durations extends DurationTable = DurationTable> extends SharedOptions {
  readonly jitter: number;
  readonly durations: Durations;
  readonly capacity: readonly Limit[];
  readonly quotas: readonly Limit[];
}

/** The options of a provider's world that come from the common ones. */
export function commonWorldOptions<D extends CommonWorldOptions['durations']>(
  options: CommonOptions & { readonly durations: D },
  shared: SharedOptions,
): CommonWorldOptions<D> {
  const { jitter, durations, quotas, noCapacity } = options;
  // The last limit that fits wins, so the ones without nodes come last.
  const capacity = [...options.capacity, ...noCapacity.map((limit) => ({ ...limit, nodes: 0 }))];
  return { ...shared, jitter, durations, capacity, quotas };
}
