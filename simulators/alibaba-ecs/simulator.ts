import { z } from 'zod';
import { Limit } from '../core/control-messages.ts';
import { capacityOf, CommonOptions, type SharedOptions } from '../core/options.ts';
import { runSimulator, type RunningSimulator } from '../core/running.ts';
import { Durations } from './durations.ts';
import { alibabaEcsHandler } from './endpoint.ts';
import { World } from './world.ts';

/** How the Alibaba Cloud ECS simulator is set up. Everything has a default. */
export const AlibabaEcsOptions = CommonOptions.extend({
  /** The region told to callers; every region is served, each with its own clusters. */
  region: z.string().default('cn-hangzhou'),
  accessKeyId: z.string().min(1).default('LTAISIMULATEDACCESSKEY00'),
  accessKeySecret: z.string().min(1).default('simulated-access-key-secret'),
  /** Of temporary keys; callers must then send it. */
  securityToken: z.string().optional(),
  durations: Durations.prefault({}),
  /** Instances there are in all. */
  capacity: z.array(Limit).default([]),
  /** Instances a caller may have; beyond them RunInstances answers QuotaExceed.ElasticQuota. */
  quotas: z.array(Limit).default([]),
});
export type AlibabaEcsOptions = z.input<typeof AlibabaEcsOptions>;

/** A running Alibaba Cloud ECS simulator and how to reach it. */
export interface AlibabaEcsSimulator extends RunningSimulator {
  /** With its scheme; the vendor's clients take `host:port` as the endpoint and `HTTP` as the protocol. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string | undefined;
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
    capacity: capacityOf(options),
    quotas: options.quotas,
  });
  const running = await runSimulator(world, options.port, (closing) =>
    alibabaEcsHandler(world, { accessKeyId, accessKeySecret, securityToken }, closing),
  );
  return { ...running, region, accessKeyId, accessKeySecret, securityToken };
}
