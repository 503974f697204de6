import { z } from 'zod';
import { Limit } from '../core/control-messages.ts';
import { SimulatorControl } from '../core/control.ts';
import { listen } from '../core/server.ts';
import { Behaviour } from './behaviour.ts';
import { Durations } from './durations.ts';
import { tensorpoolHandler } from './endpoint.ts';
import { World } from './world.ts';

/** How the TensorPool simulator is set up. Everything has a default. */
export const TensorPoolOptions = z.strictObject({
  /** 0 takes a free port. */
  port: z.int().min(0).max(65_535).default(0),
  apiKey: z.string().min(1).default('tp-simulated-api-key'),
  durations: Durations.prefault({}),
  /** How far durations may stray, as a fraction; the seed decides how far they do. */
  jitter: z.number().min(0).max(1).default(0.1),
  behaviour: Behaviour.prefault({}),
  /** Where there is never anything to be had; a missing region or type stands for all. */
  noCapacity: z.array(Limit.omit({ nodes: true })).default([]),
  /** Nodes there are in the primary pool. */
  capacity: z.array(Limit).default([]),
  /** Nodes the account can pay for; beyond them a create answers 402. */
  quotas: z.array(Limit).default([]),
});
export type TensorPoolOptions = z.input<typeof TensorPoolOptions>;

/** What every simulator of a process shares. */
export interface SharedOptions {
  readonly seed: string;
  readonly speed: number;
  /** The simulator's own folder, or undefined to keep nothing. */
  readonly folder: string | undefined;
}

/** A running TensorPool simulator and how to reach it. */
export interface TensorPoolSimulator {
  /** Stands for https://engine.tensorpool.dev: TENSORPOOL_ENGINE of the vendor's client. */
  readonly url: string;
  readonly apiKey: string;
  readonly control: SimulatorControl;
  /** Ends all sockets at once and resolves when the state is on disk. */
  close(): Promise<void>;
}

/** @throws when the port is taken, or the folder holds a state that cannot be read */
export async function startTensorPool(
  options: z.output<typeof TensorPoolOptions>,
  shared: SharedOptions,
): Promise<TensorPoolSimulator> {
  const { apiKey, behaviour, durations, jitter, quotas } = options;
  const world = new World({
    ...shared,
    ...{ apiKey, behaviour, durations, jitter, quotas },
    capacity: [...options.capacity, ...options.noCapacity.map((place) => ({ ...place, nodes: 0 }))],
  });
  const closing = new AbortController();
  const server = await listen(options.port, tensorpoolHandler(world, closing.signal));
  return {
    url: server.url,
    apiKey,
    control: new SimulatorControl(server.url),
    close: async () => {
      closing.abort();
      await server.close();
      await world.save();
    },
  };
}
