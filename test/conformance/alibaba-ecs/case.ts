import { alibabaEcsProvider } from '../../../activities/providers/alibaba-ecs/adapter.ts';
import { ecsClient } from '../../../activities/providers/alibaba-ecs/client.ts';
import { ecsReads } from '../../../activities/providers/alibaba-ecs/reads.ts';
import { ALIBABA_ECS_KEY_TAG, ALIBABA_ECS_RUN_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import { Placement } from '../../../contracts/providers/registry.ts';
import { type SimulatedCluster, type SimulatorControl, startSimulator } from '../../../simulators/index.ts';
import type { ProviderCase, StateCase } from '../kit/case.ts';
import { WithContainer } from './control.ts';
import { ERRORS, OUTCOMES, VENDOR_FAULTS } from './errors.ts';
import { FAULT_TABLE } from './fault-table.ts';
import { STATES } from './states.ts';
import { addTags, renameContainer } from './tags.ts';

export const REGION = 'cn-hangzhou';

/** The two kinds of clusters differ in the simulator's control API, and in the calls that the adapter makes. */
export interface ClusterKind {
  readonly Control: new (url: string) => Awaited<ReturnType<ProviderCase['start']>>['control'];
  /** Calls that the adapter does not make for this kind. */
  readonly unusedCalls: readonly string[];
}

export const startBench =
  ({ Control, unusedCalls }: ClusterKind): ProviderCase['start'] =>
  async ({ speed, callTimeoutMs, lags }) => {
    const simulator = await startSimulator('alibaba-ecs', { durations: { ...lags }, seed: 'conformance', speed });
    const { url } = simulator;
    const credentials = { accessKeyId: simulator.accessKeyId, secretAccessKey: simulator.accessKeySecret };
    const adapters = new Set<{ close(): void }>();
    const adapterAt = (endpoint: string) => {
      const adapter = alibabaEcsProvider({ endpoint, credentials, callTimeoutMs });
      adapters.add(adapter);
      return { ...adapter, calls: adapter.calls.filter((call) => !unusedCalls.includes(call)) };
    };
    return {
      control: new Control(url),
      provider: adapterAt(url),
      adapterAt,
      addTags: async (clusterId, tags) => {
        const reads = ecsReads(ecsClient({ endpoint: url, credentials, callTimeoutMs }));
        const inside = await reads.instances(REGION, { HpcClusterId: clusterId });
        await addTags(
          { url, region: REGION, ...credentials },
          inside.map(({ id }) => id),
          tags,
        );
      },
      rename: (clusterId, name) => renameContainer({ url, region: REGION, ...credentials }, clusterId, name),
      stop: async () => {
        await simulator.close();
        for (const adapter of adapters) adapter.close();
      },
    };
  };

export const placementWith = (instanceType: string, kind: NonNullable<StateCase['placement']>): Placement =>
  Placement.parse({
    provider: 'alibaba-ecs',
    region: REGION,
    hourlyPriceMicros: 80_000_000,
    spec: {
      nodes: {
        instanceType,
        count: 2,
        imageId: 'ubuntu_22_04_x64',
        securityGroupId: 'sg-bp1abc',
        vSwitchId: 'vsw-bp1abc',
        keyPairName: 'team',
        systemDisk: { category: 'cloud_essd', sizeGB: 100 },
        ...(kind === 'usual' ? {} : { minCount: 1 }),
      },
    },
  });

/** An empty container bills nothing. Its instances bill from the first run that made some. */
async function billsSince(control: SimulatorControl, { id, goneAtMs }: SimulatedCluster): Promise<number> {
  const run = (await control.journal('RunInstances')).find(
    ({ body, effects }) => effects.includes('ok') && (body as { HpcClusterId?: string }).HpcClusterId === id,
  );
  return run?.receivedAtMs ?? goneAtMs ?? Infinity;
}

/** Clusters in a container, which is an HPC cluster of the service. */
export const alibabaEcsCase: ProviderCase & { billsSince: typeof billsSince } = {
  name: 'alibaba-ecs',
  region: REGION,
  start: startBench({ Control: WithContainer, unusedCalls: [] }),
  placement: (kind) => placementWith('ecs.sccgn7ex.32xlarge', kind),
  createCall: 'CreateHpcCluster',
  deleteCall: 'DeleteHpcCluster',
  listCall: 'DescribeHpcClusters',
  getCall: null,
  allowsDuplicateNames: true,
  allowsRenames: true,
  expiryCall: 'ModifyInstanceAutoReleaseTime',
  unknownId: 'hpc-neverexisted00000',
  pageSize: 100,
  billsSince,
  ownTags: (key) => ({ [ALIBABA_ECS_KEY_TAG]: key, [ALIBABA_ECS_RUN_TAG]: '1' }),
  // Names are not unique, and a container has no tags: any container with our key as its name counts as ours.
  foreignTags: () => [],
  vendorFaults: VENDOR_FAULTS,
  errors: ERRORS,
  states: STATES,
  outcomes: OUTCOMES,
  faultTable: FAULT_TABLE,
};
