import { join } from 'node:path';
import { z } from 'zod';
import type { SimulatorControl } from './core/control.ts';
import type { SimulatorDefinition } from './core/definition.ts';
import type { RunningSimulator, SimulatorAccess } from './core/running.ts';
import { SIMULATOR_NAMES, SIMULATORS, type SimulatorName } from './registry.ts';

/*
 * The simulators as a library: HTTP servers that speak the wire protocols of GPU-cluster providers. They know nothing
 * of Muster, and import nothing of it.
 *
 *     const simulator = await startSimulator(name, { speed: 60 });       // one of SIMULATOR_NAMES
 *     const { endpoint, region, credentials } = simulator.access;        // for the vendor's own client
 *     await simulator.control.addFaults({ operation: '*', fault: { kind: 'reset', when: 'after' } });
 *     // ... the next call has its effect, but its caller gets a reset ...
 *     await simulator.control.clusters();                                // what really exists
 *     await simulator.control.journal();                                 // every call, and how it was answered
 *     await simulator.close();
 */

export { SimulatorControl, type FaultRuleInput } from './core/control.ts';
export type {
  Limit,
  StatePart,
  SeedCluster,
  SetLimit,
  SetRunningNodes,
  SetStatus,
  SimulatedCluster,
  VanishCluster,
} from './core/control-messages.ts';
export type { ActiveFaultRule, ClusterFault, Fault, FaultRule, TransportFault } from './core/faults.ts';
export type { CallRecord } from './core/journal.ts';
export type { RunningSimulator, SimulatorAccess } from './core/running.ts';
export { SIMULATOR_NAMES, type SimulatorName } from './registry.ts';

const Shared = z.object({
  /** Divides every duration; 60 turns a minute into a second. */
  speed: z.number().positive().default(1),
  /** The same seed and the same calls give the same ids and durations. */
  seed: z.string().default('muster'),
  /** Keeps state and journals here, one folder a provider. Without it nothing outlives the process. */
  folder: z.string().optional(),
});
type Shared = z.input<typeof Shared>;

/** The options of one provider's simulator. Each has a default. */
export type SimulatorOptions<Name extends SimulatorName> = NonNullable<
  Parameters<(typeof SIMULATORS)[Name]['start']>[0]
>;

/** The options of `startSimulators`: the shared ones, and each provider's own under its name. */
export type SimulatorsOptions = Shared & { readonly [Name in SimulatorName]?: SimulatorOptions<Name> };

/** Each provider's running simulator, with what is its own. */
export type RunningSimulators = {
  readonly [Name in SimulatorName]: Awaited<ReturnType<(typeof SIMULATORS)[Name]['start']>>;
};

/** The simulators of one process, by provider. */
export interface Simulators extends RunningSimulators {
  /** What a client needs to call a provider's simulator. @throws RangeError for an unknown provider */
  access(provider: string): SimulatorAccess;
  /** The control API of a provider's simulator. @throws RangeError for an unknown provider */
  control(provider: string): SimulatorControl;
  /** The address of every simulator, in the order of the registry. */
  urls(): string[];
  /** Closes all sockets at once. Resolves when every state is on disk. */
  close(): Promise<void>;
}

/**
 * Starts the simulators of all providers in this process, on the loopback interface.
 * @throws when an option is wrong, a port is taken, or a folder's state cannot be read
 */
export async function startSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const running = new Map<string, RunningSimulator>();
  const close = async (): Promise<void> => {
    await Promise.all([...running.values()].map((simulator) => simulator.close()));
  };
  try {
    const { speed, seed, folder, ...own } = options;
    for (const name of Object.keys(own)) definitionOf(name);
    for (const name of SIMULATOR_NAMES) running.set(name, await start(name, own[name], { speed, seed, folder }));
  } catch (error) {
    await close();
    throw error;
  }
  const simulatorOf = (name: string): RunningSimulator => {
    const simulator = running.get(name);
    if (simulator === undefined) throw unknownProvider(name);
    return simulator;
  };
  return {
    ...(Object.fromEntries(running) as unknown as RunningSimulators),
    access: (provider) => simulatorOf(provider).access,
    control: (provider) => simulatorOf(provider).control,
    urls: () => [...running.values()].map(({ url }) => url),
    close,
  };
}

/**
 * Starts the simulator of one provider in this process, on the loopback interface.
 * @param options the provider's own options and the shared ones, in one object
 * @throws when an option is wrong, the port is taken, or the folder's state cannot be read
 */
export async function startSimulator<Name extends SimulatorName>(
  name: Name,
  options: SimulatorOptions<Name> & Shared = {},
): Promise<RunningSimulators[Name]> {
  const { speed, seed, folder, ...own } = options;
  return (await start(name, own, { speed, seed, folder })) as RunningSimulators[Name];
}

async function start(name: string, options: unknown, shared: Shared): Promise<RunningSimulator> {
  const { speed, seed, folder } = Shared.parse(shared);
  const own = folder === undefined ? undefined : join(folder, name);
  return definitionOf(name).start(options, { speed, seed, folder: own });
}

function definitionOf(name: string): SimulatorDefinition<unknown, RunningSimulator> {
  const definitions: Readonly<Record<string, SimulatorDefinition<unknown, RunningSimulator>>> = SIMULATORS;
  const definition = definitions[name];
  if (definition === undefined) throw unknownProvider(name);
  return definition;
}

function unknownProvider(name: string): RangeError {
  return new RangeError(`No simulator is called "${name}".`);
}
