import { z } from 'zod';
import { Limit } from '../core/control-messages.ts';
import { capacityOf, CommonOptions, type SharedOptions } from '../core/options.ts';
import { runSimulator, type RunningSimulator } from '../core/running.ts';
import { Durations } from './durations.ts';
import { sagemakerHandler } from './endpoint.ts';
import { World } from './world.ts';

/** How the SageMaker simulator is set up. Everything has a default. */
export const SageMakerOptions = CommonOptions.extend({
  /** The region told to callers; every region is served, each with its own clusters. */
  region: z.string().default('us-west-2'),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .default('123456789012'),
  accessKeyId: z.string().min(1).default('AKIASIMULATEDACCESS0'),
  secretAccessKey: z.string().min(1).default('simulated-secret-access-key'),
  sessionToken: z.string().optional(),
  durations: Durations.prefault({}),
  /** Nodes there are in all. */
  capacity: z.array(Limit).default([]),
  /** Nodes a caller may ask for; beyond them CreateCluster answers ResourceLimitExceeded. */
  quotas: z.array(Limit).default([]),
});
export type SageMakerOptions = z.input<typeof SageMakerOptions>;

/** A running SageMaker simulator and how to reach it. */
export interface SageMakerSimulator extends RunningSimulator {
  /** For `endpoint` of an SDK's client. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** @throws when the port is taken, or the folder holds a state that cannot be read */
export async function startSageMaker(
  options: z.output<typeof SageMakerOptions>,
  shared: SharedOptions,
): Promise<SageMakerSimulator> {
  const { region, accessKeyId, secretAccessKey, sessionToken } = options;
  const world = new World({
    ...shared,
    jitter: options.jitter,
    durations: options.durations,
    accountId: options.accountId,
    capacity: capacityOf(options),
    quotas: options.quotas,
  });
  const running = await runSimulator(world, options.port, (closing) =>
    sagemakerHandler(world, { accessKeyId, secretAccessKey, sessionToken }, closing),
  );
  return { ...running, region, accessKeyId, secretAccessKey, sessionToken };
}
