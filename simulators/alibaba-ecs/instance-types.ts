/** Whether instances of a type must, may or must not be in an HPC container. */
export type ContainerRule = 'necessary' | 'optional' | 'unnecessary';

/** What the simulator knows about an instance type. */
export interface InstanceType {
  readonly family: string;
  readonly container: ContainerRule;
  readonly bareMetal: boolean;
  readonly cpus: number;
  readonly memoryMib: number;
  readonly gpus: number;
  readonly gpuSpec: string;
  /** Yuan an hour, pay as you go. Invented, but of a likely size. */
  readonly hourlyYuan: number;
}

/** The form of an instance type: a family and a size. Every type of this form exists here. */
const FORM = /^ecs\.([a-z0-9-]+)\.([a-z0-9-]+)$/;

type Known = Pick<InstanceType, 'cpus' | 'memoryMib' | 'gpus' | 'gpuSpec' | 'hourlyYuan'>;
const GIB = 1024;

/** Sizes are those of the service's pages of instance families; prices are invented. */
const KNOWN: Readonly<Record<string, Known>> = {
  'ecs.sccgn7ex.32xlarge': known(128, 1024, 8, 'NVIDIA A100', 320),
  'ecs.scchfc6.20xlarge': known(80, 192, 0, '', 36.5),
  'ecs.ebmgn7e.32xlarge': known(128, 1024, 8, 'NVIDIA A100', 280),
  'ecs.ebmgn7ex.32xlarge': known(128, 1024, 8, 'NVIDIA A100', 300),
  'ecs.gn7e-c16g1.4xlarge': known(16, 125, 1, 'NVIDIA A100', 34.7),
  'ecs.gn7i-c8g1.2xlarge': known(8, 30, 1, 'NVIDIA A10', 9.2),
  'ecs.gn6v-c8g1.2xlarge': known(8, 32, 1, 'NVIDIA V100', 26.5),
  'ecs.g7.large': known(2, 8, 0, '', 0.6),
};

/** The values of types that are not in the table. */
const UNKNOWN = known(8, 32, 0, '', 10);

/** What is known about the instance type of a name; undefined when the name has not the form of one. */
export function instanceTypeOf(name: string): InstanceType | undefined {
  const family = FORM.exec(name)?.[1];
  if (family === undefined) return undefined;
  const superComputing = family.startsWith('scc');
  const bareMetal = superComputing || family.startsWith('ebm');
  return { ...(KNOWN[name] ?? UNKNOWN), family: `ecs.${family}`, bareMetal, container: containerRule(family) };
}

/**
 * The service says only that some types accept a container, and that those of super computing clusters need one. The
 * names of the `scc` families say that they are the latter. That other bare metal accepts one is a guess.
 */
function containerRule(family: string): ContainerRule {
  if (family.startsWith('scc')) return 'necessary';
  return family.startsWith('ebm') ? 'optional' : 'unnecessary';
}

function known(cpus: number, memoryGib: number, gpus: number, gpuSpec: string, hourlyYuan: number): Known {
  return { cpus, memoryMib: memoryGib * GIB, gpus, gpuSpec, hourlyYuan };
}
