import { z } from 'zod';
import { Limit } from '../core/control-messages.ts';
import { capacityOf, CommonOptions, type SharedOptions } from '../core/options.ts';
import { runSimulator, type RunningSimulator } from '../core/running.ts';
import { Behaviour } from './behaviour.ts';
import { Durations } from './durations.ts';
import { tensorpoolHandler } from './endpoint.ts';
import { World } from './world.ts';

/** How the TensorPool simulator is set up. Everything has a default. */
export const TensorPoolOptions = CommonOptions.extend({
  apiKey: z.string().min(1).default('tp-simulated-api-key'),
  durations: Durations.prefault({}),
  behaviour: Behaviour.prefault({}),
  /** Nodes there are in the primary pool. */
  capacity: z.array(Limit).default([]),
  /** Nodes the account can pay for; beyond them a create answers 402. */
  quotas: z.array(Limit).default([]),
});
export type TensorPoolOptions = z.input<typeof TensorPoolOptions>;

/** A running TensorPool simulator and how to reach it. */
export interface TensorPoolSimulator extends RunningSimulator {
  /** Stands for https://engine.tensorpool.dev: TENSORPOOL_ENGINE of the vendor's client. */
  readonly url: string;
  readonly apiKey: string;
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
    capacity: capacityOf(options),
  });
  const running = await runSimulator(world, options.port, (closing) => tensorpoolHandler(world, closing));
  return { ...running, apiKey };
}
