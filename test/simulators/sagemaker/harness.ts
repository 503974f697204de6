import { CreateClusterCommand, SageMakerClient, type CreateClusterCommandInput } from '@aws-sdk/client-sagemaker';
import {
  startSimulators,
  type SimulatorControl,
  type SimulatorOptions,
  type Simulators,
} from '../../../simulators/index.ts';

/** Longer than any creation, rollback or deletion at the default durations. */
export const LONG_MS = 60 * 60_000;

export const ROLE = 'arn:aws:iam::123456789012:role/hyperpod';

export interface Bench {
  readonly simulators: Simulators;
  readonly url: string;
  readonly control: SimulatorControl;
  /** A client of the default region that tries once. */
  readonly client: SageMakerClient;
  clientOf(options?: { region?: string; secretAccessKey?: string; accessKeyId?: string }): SageMakerClient;
  close(): Promise<void>;
}

/** A fresh simulator and a real SDK client for it. */
export async function startBench(options: SimulatorOptions<'sagemaker'> = {}, folder?: string): Promise<Bench> {
  const simulators = await startSimulators({ sagemaker: options, ...(folder === undefined ? {} : { folder }) });
  const { url, region, accessKeyId, secretAccessKey, control } = simulators.sagemaker;
  const clients: SageMakerClient[] = [];
  const clientOf: Bench['clientOf'] = (own = {}) => {
    const client = new SageMakerClient({
      endpoint: url,
      region: own.region ?? region,
      credentials: {
        accessKeyId: own.accessKeyId ?? accessKeyId,
        secretAccessKey: own.secretAccessKey ?? secretAccessKey,
      },
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  return {
    simulators,
    url,
    control,
    client: clientOf(),
    clientOf,
    close: async () => {
      await simulators.close();
      for (const client of clients) client.destroy();
    },
  };
}

/** A creation of one group of two GPU nodes, or with parts of one's own. */
export function creation(name: string, own: Partial<CreateClusterCommandInput> = {}): CreateClusterCommand {
  return new CreateClusterCommand({
    ClusterName: name,
    InstanceGroups: [
      {
        InstanceGroupName: 'workers',
        InstanceType: 'ml.p5.48xlarge',
        InstanceCount: 2,
        ExecutionRole: ROLE,
        LifeCycleConfig: { SourceS3Uri: 's3://bucket/lifecycle', OnCreate: 'on_create.sh' },
      },
    ],
    VpcConfig: { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] },
    Tags: [{ Key: 'request', Value: name }],
    ...own,
  });
}

/** The name and message of the error that a call ends with. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ name: string; message: string; status?: number; code?: string }> {
  try {
    await call;
  } catch (error) {
    const { name, message, code, $metadata } = error as Error & {
      code?: string;
      $metadata?: { httpStatusCode?: number };
    };
    return {
      name,
      message,
      ...($metadata?.httpStatusCode === undefined ? {} : { status: $metadata.httpStatusCode }),
      ...(code === undefined ? {} : { code }),
    };
  }
  throw new Error('The call succeeded.');
}
