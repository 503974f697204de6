import { CreateClusterCommand, SageMakerClient, type CreateClusterCommandInput } from '@aws-sdk/client-sagemaker';
import {
  startSimulator,
  type RunningSimulators,
  type SimulatorControl,
  type SimulatorOptions,
} from '../../../simulators/index.ts';

/** Longer than any creation, rollback or deletion at the default durations. */
export const LONG_MS = 60 * 60_000;

export const ROLE = 'arn:aws:iam::123456789012:role/hyperpod';

export interface Fixture {
  readonly simulator: RunningSimulators['sagemaker'];
  readonly control: SimulatorControl;
  /** A client of the default region. It does not retry. */
  readonly client: SageMakerClient;
  clientOf(options?: { region?: string; secretAccessKey?: string; accessKeyId?: string }): SageMakerClient;
  close(): Promise<void>;
}

/** A new simulator and the vendor's client for it. */
export async function startFixture(
  options: SimulatorOptions<'sagemaker'> = {},
  { folder, seed = 'test' }: { folder?: string; seed?: string } = {},
): Promise<Fixture> {
  const simulator = await startSimulator('sagemaker', { ...options, seed, folder });
  const { url, region, accessKeyId, secretAccessKey, control } = simulator;
  const clients: SageMakerClient[] = [];
  const clientOf: Fixture['clientOf'] = (own = {}) => {
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
    simulator,
    control,
    client: clientOf(),
    clientOf,
    close: async () => {
      await simulator.close();
      for (const client of clients) client.destroy();
    },
  };
}

/** A call that creates a cluster: one group of two GPU nodes, unless `own` says otherwise. */
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

/** What the vendor's client says about the error of a call. */
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
