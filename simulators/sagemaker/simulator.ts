import { z } from 'zod';
import { defineSimulator } from '../core/definition.ts';
import { CommonOptions, commonWorldOptions } from '../core/options.ts';
import { serveSimulator } from '../core/running.ts';
import { Durations } from './durations.ts';
import { sagemakerHandler } from './endpoint.ts';
import { World } from './world.ts';

/** The options of the SageMaker simulator. Each has a default. */
const SageMakerOptions = CommonOptions.extend({
  /** The region that clients use unless told otherwise. Every region is served, each with its own clusters. */
  region: z.string().default('us-west-2'),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .default('123456789012'),
  accessKeyId: z.string().min(1).default('AKIASIMULATEDACCESS0'),
  secretAccessKey: z.string().min(1).default('simulated-secret-access-key'),
  /** Makes the keys temporary: callers must send this token. */
  sessionToken: z.string().optional(),
  durations: Durations.prefault({}),
});

/** The simulator of SageMaker HyperPod. */
export const sagemakerSimulator = defineSimulator({
  title: 'SageMaker HyperPod',
  clients: 'any AWS client',
  options: SageMakerOptions,
  start: async (options, shared) => {
    const { region, accountId, accessKeyId, secretAccessKey, sessionToken } = options;
    const world = new World({ ...commonWorldOptions(options, shared), accountId });
    const server = await serveSimulator(world, options.port, (closing) =>
      sagemakerHandler(world, { accessKeyId, secretAccessKey, sessionToken }, closing),
    );
    return {
      ...server,
      region,
      accessKeyId,
      secretAccessKey,
      access: { endpoint: server.url, region, credentials: { accessKeyId, secretAccessKey } },
      environment: {
        AWS_ENDPOINT_URL_SAGEMAKER: server.url,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      },
    };
  },
});
