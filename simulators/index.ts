import { join } from 'node:path';
import { z } from 'zod';
import { SageMakerOptions, startSageMaker, type SageMakerSimulator } from './sagemaker/simulator.ts';

export { SimulatorControl, type FaultScript } from './core/control.ts';
export type { Birth, Limit, Part, SeedCluster, SetLimit, SetStatus, VanishCluster } from './core/control-messages.ts';
export type { ActiveRule, Fault, FaultRule, Outcome, TransportFault } from './core/faults.ts';
export type { CallRecord } from './core/journal.ts';
export type { SageMakerOptions, SageMakerSimulator } from './sagemaker/simulator.ts';

const Options = z.strictObject({
  /** Divides every duration; 60 makes a minute a second. */
  speed: z.number().positive().default(1),
  /** Same seed, same calls: same ids and durations. */
  seed: z.string().default('muster'),
  /** Keeps state and journals here, a folder for each provider; without it nothing outlives the process. */
  folder: z.string().optional(),
  sagemaker: SageMakerOptions.prefault({}),
});
export type SimulatorsOptions = z.input<typeof Options>;

/** What a client of a provider's simulator must be told. */
export interface Access {
  readonly endpoint: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly apiKey?: string;
}

/** The simulators of one process. */
export interface Simulators {
  readonly sagemaker: SageMakerSimulator;
  /** How a client reaches the simulator of a provider. @throws for a name that is none */
  access(provider: string): Access;
  /** Every simulator's address. */
  urls(): string[];
  /** Ends all sockets at once and resolves when every state is on disk. */
  close(): Promise<void>;
}

/**
 * Starts the simulators of all providers in this process, on loopback.
 * @throws when an option is wrong, a port is taken, or a folder's state cannot be read
 */
export async function startSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const { speed, seed, folder, ...providers } = Options.parse(options);
  const shared = (provider: string) => ({
    speed,
    seed,
    folder: folder === undefined ? undefined : join(folder, provider),
  });
  const sagemaker = await startSageMaker(providers.sagemaker, shared('sagemaker'));
  const accesses: Readonly<Record<string, Access>> = {
    sagemaker: {
      endpoint: sagemaker.url,
      credentials: { accessKeyId: sagemaker.accessKeyId, secretAccessKey: sagemaker.secretAccessKey },
    },
  };
  return {
    sagemaker,
    access: (provider) => {
      const access = accesses[provider];
      if (access === undefined) throw new RangeError(`no simulator is called "${provider}"`);
      return access;
    },
    urls: () => Object.values(accesses).map(({ endpoint }) => endpoint),
    close: () => sagemaker.close(),
  };
}
