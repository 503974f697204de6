import { join } from 'node:path';
import { z } from 'zod';
import { AlibabaEcsOptions, startAlibabaEcs, type AlibabaEcsSimulator } from './alibaba-ecs/simulator.ts';
import type { SimulatorControl } from './core/control.ts';
import { SageMakerOptions, startSageMaker, type SageMakerSimulator } from './sagemaker/simulator.ts';
import { startTensorPool, TensorPoolOptions, type TensorPoolSimulator } from './tensorpool/simulator.ts';

export { SimulatorControl, type FaultRuleInput } from './core/control.ts';
export type {
  SimulatedCluster,
  Limit,
  Part,
  SeedCluster,
  SetLimit,
  SetRunningNodes,
  SetStatus,
  VanishCluster,
} from './core/control-messages.ts';
export type { ActiveRule, Fault, FaultRule, ClusterFault, TransportFault } from './core/faults.ts';
export type { CallRecord } from './core/journal.ts';
export type { AlibabaEcsOptions, AlibabaEcsSimulator } from './alibaba-ecs/simulator.ts';
export type { SageMakerOptions, SageMakerSimulator } from './sagemaker/simulator.ts';
export type { TensorPoolOptions, TensorPoolSimulator } from './tensorpool/simulator.ts';

const Options = z.strictObject({
  /** Divides every duration; 60 makes a minute a second. */
  speed: z.number().positive().default(1),
  /** Same seed, same calls: same ids and durations. */
  seed: z.string().default('muster'),
  /** Keeps state and journals here, a folder for each provider; without it nothing outlives the process. */
  folder: z.string().optional(),
  sagemaker: SageMakerOptions.prefault({}),
  'alibaba-ecs': AlibabaEcsOptions.prefault({}),
  tensorpool: TensorPoolOptions.prefault({}),
});
export type SimulatorsOptions = z.input<typeof Options>;

/** What a client of a provider's simulator must be told. */
export interface SimulatorAccess {
  readonly endpoint: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly apiKey?: string;
}

/** The simulators of one process, by provider. */
export interface Simulators {
  readonly sagemaker: SageMakerSimulator;
  readonly 'alibaba-ecs': AlibabaEcsSimulator;
  readonly tensorpool: TensorPoolSimulator;
  /** How a client reaches the simulator of a provider. @throws for a name that is none */
  access(provider: string): SimulatorAccess;
  /** What scripts a provider's simulator. @throws for a name that is none */
  control(provider: string): SimulatorControl;
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
  const started: { close(): Promise<void> }[] = [];
  const begun = async <T extends { close(): Promise<void> }>(start: Promise<T>): Promise<T> => {
    const simulator = await start;
    started.push(simulator);
    return simulator;
  };
  const close = async (): Promise<void> => {
    await Promise.all(started.map((simulator) => simulator.close()));
  };
  try {
    const sagemaker = await begun(startSageMaker(providers.sagemaker, shared('sagemaker')));
    const alibabaEcs = await begun(startAlibabaEcs(providers['alibaba-ecs'], shared('alibaba-ecs')));
    const tensorpool = await begun(startTensorPool(providers.tensorpool, shared('tensorpool')));
    return { ...byName(sagemaker, alibabaEcs, tensorpool), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function byName(
  sagemaker: SageMakerSimulator,
  alibabaEcs: AlibabaEcsSimulator,
  tensorpool: TensorPoolSimulator,
): Omit<Simulators, 'close'> {
  const { accessKeyId, accessKeySecret } = alibabaEcs;
  const ways: Readonly<Record<string, { access: SimulatorAccess; control: SimulatorControl }>> = {
    sagemaker: {
      access: {
        endpoint: sagemaker.url,
        credentials: { accessKeyId: sagemaker.accessKeyId, secretAccessKey: sagemaker.secretAccessKey },
      },
      control: sagemaker.control,
    },
    'alibaba-ecs': {
      access: { endpoint: alibabaEcs.url, credentials: { accessKeyId, secretAccessKey: accessKeySecret } },
      control: alibabaEcs.control,
    },
    tensorpool: { access: { endpoint: tensorpool.url, apiKey: tensorpool.apiKey }, control: tensorpool.control },
  };
  const of = (provider: string) => {
    const way = ways[provider];
    if (way === undefined) throw new RangeError(`no simulator is called "${provider}"`);
    return way;
  };
  return {
    sagemaker,
    'alibaba-ecs': alibabaEcs,
    tensorpool,
    access: (provider) => of(provider).access,
    control: (provider) => of(provider).control,
    urls: () => Object.values(ways).map(({ access }) => access.endpoint),
  };
}
