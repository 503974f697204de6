import { z } from 'zod';
import { defineSimulator } from '../core/definition.ts';
import { CommonOptions, commonWorldOptions } from '../core/options.ts';
import { serveSimulator } from '../core/running.ts';
import { Durations } from './durations.ts';
import { alibabaEcsHandler } from './endpoint.ts';
import { World } from './world.ts';

/** The options of the Alibaba Cloud ECS simulator. Each has a default. */
const AlibabaEcsOptions = CommonOptions.extend({
  /** The region that clients use unless told otherwise. Every region is served, each with its own clusters. */
  region: z.string().default('cn-hangzhou'),
  accessKeyId: z.string().min(1).default('LTAISIMULATEDACCESSKEY00'),
  accessKeySecret: z.string().min(1).default('simulated-access-key-secret'),
  /** Makes the keys temporary: callers must send this token. */
  securityToken: z.string().optional(),
  durations: Durations.prefault({}),
});

/** The simulator of Alibaba Cloud ECS. Its vendor's clients take `host:port` as endpoint and `HTTP` as protocol. */
export const alibabaEcsSimulator = defineSimulator({
  title: 'Alibaba Cloud ECS',
  clients: 'any Alibaba Cloud client, which gets the endpoint in its code',
  options: AlibabaEcsOptions,
  start: async (options, shared) => {
    const { region, accessKeyId, accessKeySecret, securityToken } = options;
    const world = new World({ ...commonWorldOptions(options, shared), region });
    const server = await serveSimulator(world, options.port, (closing) =>
      alibabaEcsHandler(world, { accessKeyId, accessKeySecret, securityToken }, closing),
    );
    return {
      ...server,
      region,
      accessKeyId,
      accessKeySecret,
      access: { endpoint: server.url, region, credentials: { accessKeyId, secretAccessKey: accessKeySecret } },
      environment: { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret },
    };
  },
});
