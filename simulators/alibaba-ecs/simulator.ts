import { z } from 'zod';
import { Limit } from '../core/control-messages.ts';
import { SimulatorControl } from '../core/control.ts';
import { listen } from '../core/server.ts';
import { Durations } from './durations.ts';
import { alibabaEcsHandler } from './endpoint.ts';
import { World } from './world.ts';

/** How the Alibaba Cloud ECS simulator is set up. Everything has a default. */
export const AlibabaEcsOptions = z.strictObject({
  /** 0 takes a free port. */
  port: z.int().min(0).max(65_535).default(0),
  /** The region told to callers; every region is served, each with its own clusters. */
  region: z.string().default('cn-hangzhou'),
  accessKeyId: z.string().min(1).default('LTAISIMULATEDACCESSKEY00'),
  accessKeySecret: z.string().min(1).default('simulated-access-key-secret'),
  /** Of temporary keys; callers must then send it. */
  securityToken: z.string().optional(),
  durations: Durations.prefault({}),
  /** How far durations may stray, as a fraction; the seed decides how far they do. */
  jitter: z.number().min(0).max(1).default(0.1),
  /** Where there is never anything to be had; a missing region or type stands for all. */
  noCapacity: z.array(Limit.omit({ nodes: true })).default([]),
  /** Instances there are in all. */
  capacity: z.array(Limit).default([]),
  /** Instances a caller may have; beyond them RunInstances answers QuotaExceed.ElasticQuota. */
  quotas: z.array(Limit).default([]),
});
export type AlibabaEcsOptions = z.input<typeof AlibabaEcsOptions>;

/** What every simulator of a process shares. */
export interface SharedOptions {
  readonly seed: string;
  readonly speed: number;
  /** The simulator's own folder, or undefined to keep nothing. */
  readonly folder: string | undefined;
}

/** A running Alibaba Cloud ECS simulator and how to reach it. */
export interface AlibabaEcsSimulator {
  /** With its scheme; the vendor's clients take `host:port` as the endpoint and `HTTP` as the protocol. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | undefined;
  readonly control: SimulatorControl;
  /** Ends all sockets at once and resolves when the state is on disk. */
  close(): Promise<void>;
}

/** @throws when the port is taken, or the folder holds a state that cannot be read */
export async function startAlibabaEcs(
  options: z.output<typeof AlibabaEcsOptions>,
  shared: SharedOptions,
): Promise<AlibabaEcsSimulator> {
  const { region, accessKeyId, accessKeySecret, securityToken } = options;
  const world = new World({
    ...shared,
    region,
    jitter: options.jitter,
    durations: options.durations,
    capacity: [...options.capacity, ...options.noCapacity.map((place) => ({ ...place, nodes: 0 }))],
    quotas: options.quotas,
  });
  const closing = new AbortController();
  const handler = alibabaEcsHandler(world, { accessKeyId, accessKeySecret, securityToken }, closing.signal);
  const server = await listen(options.port, handler);
  return {
    url: server.url,
    region,
    accessKeyId,
    accessKeySecret,
    securityToken,
    control: new SimulatorControl(server.url),
    close: async () => {
      closing.abort();
      await server.close();
      await world.save();
    },
  };
}
