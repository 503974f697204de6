import { z } from 'zod';
import { defineSimulator } from '../core/definition.ts';
import { CommonOptions, commonWorldOptions } from '../core/options.ts';
import { serveSimulator } from '../core/running.ts';
import { Behaviour } from './behaviour.ts';
import { Durations } from './durations.ts';
import { tensorpoolHandler } from './endpoint.ts';
import { World } from './world.ts';

/**
 * The options of the TensorPool simulator. Each has a default. `capacity` is that of the primary pool; a create beyond
 * `quotas` answers 402, as for an account that cannot pay for it.
 */
const TensorPoolOptions = CommonOptions.extend({
  apiKey: z.string().min(1).default('tp-simulated-api-key'),
  durations: Durations.prefault({}),
  behaviour: Behaviour.prefault({}),
});

/** The simulator of TensorPool. Its URL replaces https://engine.tensorpool.dev. */
export const tensorpoolSimulator = defineSimulator({
  title: 'TensorPool',
  clients: "TensorPool's own client",
  options: TensorPoolOptions,
  start: async (options, shared) => {
    const { apiKey, behaviour } = options;
    const world = new World({ ...commonWorldOptions(options, shared), apiKey, behaviour });
    const server = await serveSimulator(world, options.port, (closing) => tensorpoolHandler(world, closing));
    return {
      ...server,
      apiKey,
      access: { endpoint: server.url, apiKey },
      environment: { TENSORPOOL_ENGINE: server.url, TENSORPOOL_KEY: apiKey },
    };
  },
});
