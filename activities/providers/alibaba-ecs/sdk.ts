import { createRequire } from 'node:module';
import type { AlibabaEcsOptions } from './options.ts';

/* The vendor's packages are CommonJS, about 30 MB, and take most of a second to load. They load with the first call. */

type EcsModule = typeof import('@alicloud/ecs20140526');
type CoreModule = typeof import('@alicloud/openapi-core');
type DaraModule = typeof import('@darabonba/typescript');
type CredentialsModule = typeof import('@alicloud/credentials');

type Client = InstanceType<EcsModule['default']>;

/** The SDK's client for one region, and the credentials that it signs with. */
export interface Connection {
  readonly client: Client;
  readonly credential: InstanceType<CredentialsModule['default']>;
}

/** The operations that the adapter uses, with the vendor's request models. */
export type Operations = ReturnType<typeof operationsOf>;

export interface Sdk {
  connect(region: string, options: AlibabaEcsOptions): Connection;
  /** @param timeoutMs longest silence before and within a reply */
  operations(connection: Connection, timeoutMs: number): Operations;
}

let loaded: Sdk | undefined;

/** Loads the SDK once for the process. */
export const loadSdk = (): Sdk => (loaded ??= load());

function load(): Sdk {
  // `require`, because the result of a default import of CommonJS depends on the importing tool.
  const require = createRequire(import.meta.url);
  const ecs = require('@alicloud/ecs20140526') as EcsModule;
  const core = require('@alicloud/openapi-core') as CoreModule;
  const dara = require('@darabonba/typescript') as DaraModule;
  const credentials = require('@alicloud/credentials') as CredentialsModule;
  return {
    connect: (region, options) => connect(ecs, core, credentials, region, options),
    operations: ({ client }, timeoutMs) => operationsOf(ecs, dara, client, timeoutMs),
  };
}

function connect(
  ecs: EcsModule,
  core: CoreModule,
  chain: CredentialsModule,
  regionId: string,
  { endpoint, credentials }: AlibabaEcsOptions,
): Connection {
  const credential = new chain.default(
    credentials &&
      new chain.Config({
        ...{ type: 'access_key', accessKeyId: credentials.accessKeyId },
        accessKeySecret: credentials.secretAccessKey,
      }),
  );
  const at = endpoint === undefined ? undefined : new URL(endpoint);
  const config = new core.$OpenApiUtil.Config({
    regionId,
    credential,
    // Without `retryOptions` the SDK sends each call once.
    ...(at === undefined ? {} : { endpoint: at.host, protocol: at.protocol === 'http:' ? 'HTTP' : 'HTTPS' }),
  });
  return { client: new ecs.default(config), credential };
}

function operationsOf(ecs: EcsModule, { cast, RuntimeOptions }: DaraModule, client: Client, timeoutMs: number) {
  // The SDK's connect timeout also ends silence after the request was sent. So both timeouts are the same, and neither means
  // that nothing was sent. The default of both is 3 s, which is too short for RunInstances.
  const runtime = new RuntimeOptions({ connectTimeout: timeoutMs, readTimeout: timeoutMs });
  return {
    CreateHpcCluster: (input: object) =>
      client.createHpcClusterWithOptions(cast(input, new ecs.CreateHpcClusterRequest()), runtime),
    DescribeHpcClusters: (input: object) =>
      client.describeHpcClustersWithOptions(cast(input, new ecs.DescribeHpcClustersRequest()), runtime),
    DeleteHpcCluster: (input: object) =>
      client.deleteHpcClusterWithOptions(cast(input, new ecs.DeleteHpcClusterRequest()), runtime),
    RunInstances: (input: object) =>
      client.runInstancesWithOptions(cast(input, new ecs.RunInstancesRequest()), runtime),
    DescribeInstances: (input: object) =>
      client.describeInstancesWithOptions(cast(input, new ecs.DescribeInstancesRequest()), runtime),
    ModifyInstanceAutoReleaseTime: (input: object) =>
      client.modifyInstanceAutoReleaseTimeWithOptions(
        cast(input, new ecs.ModifyInstanceAutoReleaseTimeRequest()),
        runtime,
      ),
    DeleteInstances: (input: object) =>
      client.deleteInstancesWithOptions(cast(input, new ecs.DeleteInstancesRequest()), runtime),
  };
}
