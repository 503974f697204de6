import type { z } from 'zod';
import type { SharedOptions } from './options.ts';
import type { RunningSimulator } from './running.ts';

/** The simulator of one provider: everything that the entries of this folder need to know of it. */
export interface SimulatorDefinition<Options, Running extends RunningSimulator> {
  /** The provider's name, for people. */
  readonly title: string;
  /** Who reads the variables in `environment` of the running simulator, for people. */
  readonly clients: string;
  /** @throws when an option is wrong, the port is taken, or the folder's state cannot be read */
  start(options: Options | undefined, shared: SharedOptions): Promise<Running>;
}

/** Builds a definition whose `start` parses its options, so that the code behind it gets complete options. */
export function defineSimulator<Schema extends z.ZodType, Running extends RunningSimulator>(definition: {
  readonly title: string;
  readonly clients: string;
  readonly options: Schema;
  readonly start: (options: z.output<Schema>, shared: SharedOptions) => Promise<Running>;
}): SimulatorDefinition<z.input<Schema>, Running> {
  const { title, clients } = definition;
  return {
    title,
    clients,
    start: async (options, shared) => definition.start(definition.options.parse(options ?? {}), shared),
  };
}
