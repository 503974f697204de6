import { z } from 'zod';
import { Limit } from '../core/control-messages.ts';
import { SimulatorControl } from '../core/control.ts';
import { listen } from '../core/server.ts';
import { Durations } from './durations.ts';
import { sagemakerHandler } from './endpoint.ts';
import { World } from './world.ts';

/** How the SageMaker simulator is set up. Everything has a default. */
export const SageMakerOptions = z.strictObject({
  /** 0 takes a free port. */
  port: z.int().min(0).max(65_535).default(0),
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
  /** How far durations may stray, as a fraction; the seed decides how far they do. */
  jitter: z.number().min(0).max(1).default(0.1),
  /** Where there is never anything to be had; a missing region or type stands for all. */
  noCapacity: z.array(Limit.omit({ nodes: true })).default([]),
  /** Nodes there are in all. */
  capacity: z.array(Limit).default([]),
  /** Nodes a caller may ask for; beyond them CreateCluster answers ResourceLimitExceeded. */
  quotas: z.array(Limit).default([]),
});
export type SageMakerOptions = z.input<typeof SageMakerOptions>;

/** What every simulator of a process shares. */
export interface SharedOptions {
  readonly seed: string;
  readonly speed: number;
  /** The simulator's own folder, or undefined to keep nothing. */
  readonly folder: string | undefined;
}

/** A running SageMaker simulator and how to reach it. */
export interface SageMakerSimulator {
  /** For `endpoint` of an SDK's client. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly control: SimulatorControl;
  /** Ends all sockets at once and resolves when the state is on disk. */
  close(): Promise<void>;
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
    capacity: [...options.capacity, ...options.noCapacity.map((place) => ({ ...place, nodes: 0 }))],
    quotas: options.quotas,
  });
  const closing = new AbortController();
  const handler = sagemakerHandler(world, { accessKeyId, secretAccessKey, sessionToken }, closing.signal);
  const server = await listen(options.port, handler);
  return {
    url: server.url,
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken,
    control: new SimulatorControl(server.url),
    close: async () => {
      closing.abort();
      await server.close();
      await world.save();
    },
  };
}
