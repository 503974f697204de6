import { alibabaEcsSimulator } from './alibaba-ecs/simulator.ts';
import type { SimulatorDefinition } from './core/definition.ts';
import type { RunningSimulator } from './core/running.ts';
import { sagemakerSimulator } from './sagemaker/simulator.ts';
import { tensorpoolSimulator } from './tensorpool/simulator.ts';

/** Every provider's simulator, one line each. Ports are given out in this order. */
export const SIMULATORS = {
  sagemaker: sagemakerSimulator,
  'alibaba-ecs': alibabaEcsSimulator,
  tensorpool: tensorpoolSimulator,
} satisfies Readonly<Record<string, SimulatorDefinition<never, RunningSimulator>>>;

/** The name of a provider that has a simulator. */
export type SimulatorName = keyof typeof SIMULATORS;

/** Every provider that has a simulator, in the order of the registry. */
export const SIMULATOR_NAMES = Object.keys(SIMULATORS) as readonly SimulatorName[];
