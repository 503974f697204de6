/** Whether instances of a type must, may or must not be put into an HPC container. */
export type ContainerRule = 'necessary' | 'optional' | 'unnecessary';

/** What the simulator knows of an instance type. */
export interface InstanceType {
  readonly family: string;
  readonly container: ContainerRule;
  readonly bareMetal: boolean;
  readonly cpus: number;
  readonly memoryMib: number;
  readonly gpus: number;
  readonly gpuSpec: string;
  /** Yuan an hour, pay as you go. Invented: of a likely size and no more. */
  readonly hourlyYuan: number;
}

/** The form of an instance type: a family and a size. Every type of this form is served. */
const FORM = /^ecs\.([a-z0-9-]+)\.([a-z0-9-]+)$/;

type Known = Pick<InstanceType, 'cpus' | 'memoryMib' | 'gpus' | 'gpuSpec' | 'hourlyYuan'>;
const GIB = 1024;

/** Sizes as the service's pages of instance families tell them; prices are invented. */
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

/** For types of the right form that are not in the table. */
const UNKNOWN = known(8, 32, 0, '', 10);

/** @returns undefined for what is no instance type */
export function instanceTypeOf(name: string): InstanceType | undefined {
  const family = FORM.exec(name)?.[1];
  if (family === undefined) return undefined;
  const superComputing = family.startsWith('scc');
  const bareMetal = superComputing || family.startsWith('ebm');
  return { ...(KNOWN[name] ?? UNKNOWN), family: `ecs.${family}`, bareMetal, container: containerRule(family) };
}

/**
 * The service says only that some types take a container and that those of super computing clusters need one. That the
 * `scc` families are the latter is in their name; that other bare metal may go without is a guess.
 */
function containerRule(family: string): ContainerRule {
  if (family.startsWith('scc')) return 'necessary';
  return family.startsWith('ebm') ? 'optional' : 'unnecessary';
}

function known(cpus: number, memoryGib: number, gpus: number, gpuSpec: string, hourlyYuan: number): Known {
  return { cpus, memoryMib: memoryGib * GIB, gpus, gpuSpec, hourlyYuan };
}
