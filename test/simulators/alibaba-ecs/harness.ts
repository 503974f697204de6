import { createRequire } from 'node:module';
import type * as EcsModule from '@alicloud/ecs20140526';
import {
  CreateHpcClusterRequest,
  DescribeInstancesRequest,
  DescribeInstancesRequestTag,
  RunInstancesRequest,
  RunInstancesRequestTag,
} from '@alicloud/ecs20140526';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import {
  startSimulator,
  type RunningSimulators,
  type SimulatorControl,
  type SimulatorOptions,
} from '../../../simulators/index.ts';

// The package is CommonJS, and vitest and Node do not agree on what its default import is; on this they do.
const { default: Ecs } = createRequire(import.meta.url)('@alicloud/ecs20140526') as typeof EcsModule.default;
export type EcsClient = InstanceType<typeof Ecs>;

export const REGION = 'cn-hangzhou';

/** Longer than any creation, start or release at the default durations. */
export const LONG_MS = 60 * 60_000;

/** An instance type that must be in a container, and one that must not. */
export const SCC = 'ecs.sccgn7ex.32xlarge';
export const PLAIN = 'ecs.gn7i-c8g1.2xlarge';

export interface Fixture {
  readonly simulator: RunningSimulators['alibaba-ecs'];
  readonly control: SimulatorControl;
  readonly client: EcsClient;
  clientOf(own?: { accessKeyId?: string; accessKeySecret?: string; securityToken?: string }): EcsClient;
  close(): Promise<void>;
}

/** A new simulator and the vendor's client for it. */
export async function startFixture(
  options: SimulatorOptions<'alibaba-ecs'> = {},
  { folder, seed = 'test' }: { folder?: string; seed?: string } = {},
): Promise<Fixture> {
  const simulator = await startSimulator('alibaba-ecs', { ...options, seed, folder });
  const { accessKeyId, accessKeySecret, control } = simulator;
  const clientOf: Fixture['clientOf'] = (own = {}) =>
    new Ecs(
      new $OpenApiUtil.Config({
        ...{ accessKeyId, accessKeySecret, ...own },
        ...{ regionId: REGION, endpoint: new URL(simulator.url).host, protocol: 'HTTP' },
      }),
    );
  return { simulator, control, client: clientOf(), clientOf, close: () => simulator.close() };
}

/** A call that creates a container. */
export const container = (name: string, clientToken?: string) =>
  new CreateHpcClusterRequest({ regionId: REGION, name, ...(clientToken === undefined ? {} : { clientToken }) });

/** A call that runs one instance outside a container, unless `own` says otherwise. */
export const run = (own: Partial<RunInstancesRequest> = {}) =>
  new RunInstancesRequest({
    ...{ regionId: REGION, instanceType: PLAIN, imageId: 'ubuntu_22', securityGroupId: 'sg-1', vSwitchId: 'vsw-1' },
    ...own,
  });

/** One tag for new instances. */
export const tagged = (key: string, value: string) => [new RunInstancesRequestTag({ key, value })];

/** A filter by one tag; without a value, by any value. */
export const withTag = (key: string, value?: string) => [
  new DescribeInstancesRequestTag({ key, ...(value === undefined ? {} : { value }) }),
];

/** The ids of the instances that a run created. */
export async function idsOf(call: ReturnType<EcsClient['runInstances']>): Promise<string[]> {
  return (await call).body?.instanceIdSets?.instanceIdSet ?? [];
}

/** The instances that DescribeInstances shows, 100 at most. */
export async function instancesOf(client: EcsClient, query: Partial<DescribeInstancesRequest> = {}) {
  const reply = await client.describeInstances(
    new DescribeInstancesRequest({ regionId: REGION, maxResults: 100, ...query }),
  );
  return reply.body?.instances?.instance ?? [];
}

export interface Failure {
  readonly name: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly message: string;
  readonly retryAfter?: number;
}

/** What the vendor's client says about the error of a call. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    return error as Failure;
  }
  throw new Error('The call succeeded.');
}
