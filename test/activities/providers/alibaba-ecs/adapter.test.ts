import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../../../activities/providers/errors.ts';
import type { Provider } from '../../../../activities/providers/provider.ts';
import { withExpiry } from '../../../../contracts/opening.ts';
import { AlibabaEcsPlacement, alibabaEcs } from '../../../../contracts/providers/alibaba-ecs.ts';
import { KEY_PLACEHOLDER, type Json } from '../../../../contracts/providers/definition.ts';
import { startSimulator, type RunningSimulators } from '../../../../simulators/index.ts';
import { alibabaEcsProvider } from '../../../../activities/providers/alibaba-ecs/adapter.ts';
import { addTags } from '../../../conformance/alibaba-ecs/tags.ts';

const REGION = 'cn-hangzhou';
const SCC = 'ecs.sccgn7ex.32xlarge';
const GPU = 'ecs.gn7i-c8g1.2xlarge';
const CALL_TIMEOUT_MS = 1_000;

interface Bench {
  readonly simulator: RunningSimulators['alibaba-ecs'];
  readonly control: RunningSimulators['alibaba-ecs']['control'];
  readonly provider: Provider;
}

const running: Bench[] = [];

async function start(callTimeoutMs = CALL_TIMEOUT_MS): Promise<Bench> {
  const simulator = await startSimulator('alibaba-ecs', { seed: 'adapter', speed: 10_000 });
  const { url: endpoint, control, accessKeyId, accessKeySecret: secretAccessKey } = simulator;
  const provider = alibabaEcsProvider({ endpoint, credentials: { accessKeyId, secretAccessKey }, callTimeoutMs });
  const bench = { simulator, control, provider };
  running.push(bench);
  return bench;
}

afterEach(async () => {
  for (const { simulator, provider } of running.splice(0)) {
    provider.close();
    await simulator.close();
  }
});

/** A stored call with its key, as the ledger returns it. */
function opened(nodes?: { instanceType: string; count: number; minCount?: number }): { key: string; call: Json } {
  const key = `mu-ab12cd-${randomBytes(13).toString('hex')}`;
  const placement = AlibabaEcsPlacement.parse({
    provider: 'alibaba-ecs',
    region: REGION,
    spec: {
      ...(nodes && {
        nodes: {
          ...{ ...nodes, imageId: 'ubuntu', securityGroupId: 'sg-1', vSwitchId: 'vsw-1' },
          systemDisk: { category: 'cloud_essd', sizeGB: 100 },
        },
      }),
    },
  });
  const call = alibabaEcs.resolveCall(placement, 'request-1');
  const planned = { call, readyTimeoutMs: 60_000, leaseMs: 3_600_000, deleteReserveMs: 60_000 };
  const stored = withExpiry(planned as Parameters<typeof withExpiry>[0], Date.now()).call;
  return { key, call: JSON.parse(JSON.stringify(stored).replaceAll(KEY_PLACEHOLDER, key)) as Json };
}

const failing = async (act: Promise<unknown>): Promise<ProviderError> => {
  const error: unknown = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
};

const bodies = async ({ control }: Bench, operation: string) =>
  (await control.journal(operation)).map(({ body }) => body as Record<string, string>);

const observed = async ({ provider, control }: Bench, clusterId: string, call: Json) => {
  await control.advance(600_000);
  return provider.observe(REGION, clusterId, call);
};

describe('a creation of several calls', () => {
  it('creates a container and runs instances into it, each call with its own token', async () => {
    // Enough time for several calls in a row on a busy machine.
    const bench = await start(5 * CALL_TIMEOUT_MS);
    const { key, call } = opened({ instanceType: SCC, count: 150 });
    const { clusterId } = await bench.provider.create(REGION, call, null);
    expect(await bodies(bench, 'CreateHpcCluster')).toEqual([{ ClientToken: `${key}-h`, Name: key, RegionId: REGION }]);
    const runs = (await bodies(bench, 'RunInstances')).filter(({ ClientToken }) => ClientToken === `${key}-r2`);
    expect(runs.at(-1)).toMatchObject({
      ...{ HpcClusterId: clusterId, Amount: '50', InstanceName: `${key}-[101,4]`, InstanceChargeType: 'PostPaid' },
      ...{ 'Tag.1.Key': 'muster:key', 'Tag.1.Value': key, 'Tag.2.Value': '2', DeletionProtection: 'false' },
    });
    expect(runs.at(-1)?.['AutoReleaseTime']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await observed(bench, clusterId, call)).toMatchObject({ state: 'ready', nodesInService: 150 });
    const access = await bench.provider.access(REGION, clusterId);
    expect(access).toMatchObject({ clusterName: key, nodeCount: 150 });
    expect(access.login[0]).toMatch(/^ssh root@10\./);
  });

  it.each([SCC, GPU])('of %s continues after the calls that were made', async (instanceType) => {
    const bench = await start();
    const { key, call } = opened({ instanceType, count: 250 });
    await bench.control.addFaults({ operation: 'RunInstances', skip: 1, times: 'always', fault: { kind: 'html' } });
    expect(await failing(bench.provider.create(REGION, call, null))).toMatchObject({ kind: 'ambiguous' });
    const found = await bench.provider.find(REGION, key, call);
    if (found.kind !== 'ours') throw new Error(found.kind);
    expect(found.cluster.partial).toBe(true);
    // The service may have forgotten the tokens by now. Existing instances must not be run again.
    await bench.control.clear('faults', 'tokens', 'journal');
    const { clusterId } = await bench.provider.create(REGION, call, found.cluster);
    expect(clusterId).toBe(found.cluster.clusterId);
    expect((await bodies(bench, 'RunInstances')).map(({ ClientToken }) => ClientToken)).toEqual([
      `${key}-r2`,
      `${key}-r3`,
    ]);
    expect(await observed(bench, clusterId, call)).toMatchObject({ state: 'ready', nodesInService: 250 });
  });

  it('reports the leftover when a later call is refused', async () => {
    const bench = await start();
    const first = opened({ instanceType: SCC, count: 2 });
    await bench.control.addFaults({ operation: 'RunInstances', fault: { kind: 'no-capacity' } });
    const empty = await failing(bench.provider.create(REGION, first.call, null));
    expect(empty).toMatchObject({ kind: 'capacity', definite: true, leftover: { name: first.key, hourlyMicros: 0 } });
    const second = opened({ instanceType: GPU, count: 150 });
    await bench.control.addFaults({ operation: 'RunInstances', skip: 1, fault: { kind: 'no-capacity' } });
    const filled = await failing(bench.provider.create(REGION, second.call, null));
    expect(filled).toMatchObject({ kind: 'capacity', leftover: { clusterId: `instances:${second.key}` } });
    expect(filled.leftover?.hourlyMicros).toBeUndefined();
  });

  it('is ready with the minimum of nodes', async () => {
    const bench = await start();
    const { call } = opened({ instanceType: GPU, count: 250, minCount: 120 });
    await bench.control.setCapacity({ nodes: 130 });
    const { clusterId } = await bench.provider.create(REGION, call, null);
    expect(await observed(bench, clusterId, call)).toMatchObject({
      state: 'ready',
      nodesInService: 130,
      nodesWanted: 120,
    });
  });

  it('that is throttled for too long has created nothing that bills', async () => {
    const bench = await start(200);
    const { call } = opened({ instanceType: SCC, count: 2 });
    await bench.control.addFaults({ operation: 'RunInstances', times: 'always', fault: { kind: 'throttle' } });
    const error = await failing(bench.provider.create(REGION, call, null));
    expect(error).toMatchObject({ kind: 'throttled', definite: true, leftover: undefined });
    expect((await bench.control.journal('RunInstances')).length).toBeGreaterThan(1);
  });
});

describe('an empty container', () => {
  it('is ready as soon as it exists, and gone when it is deleted', async () => {
    const bench = await start();
    const { key, call } = opened();
    const { clusterId } = await bench.provider.create(REGION, call, null);
    expect(await bench.provider.observe(REGION, clusterId, call)).toMatchObject({ state: 'ready', nodesWanted: 0 });
    const found = await bench.provider.find(REGION, key, call);
    expect(found).toMatchObject({ kind: 'ours', cluster: { clusterId } });
    expect(found.kind === 'ours' && found.cluster.partial).toBeFalsy();
    await bench.provider.delete(REGION, clusterId);
    expect(await bench.provider.observe(REGION, clusterId, call)).toMatchObject({ state: 'gone' });
    expect(await bench.control.journal('RunInstances')).toEqual([]);
  });
});

describe('another owner’s instance', () => {
  it('is never deleted, and keeps its container from being deleted', async () => {
    const bench = await start();
    const { key, call } = opened({ instanceType: SCC, count: 2 });
    await bench.control.seedCluster({
      ...{ region: REGION, name: key, instanceType: SCC, tags: { 'muster:key': `${key}x` } },
    });
    const found = await bench.provider.find(REGION, key, call);
    if (found.kind !== 'ours') throw new Error(found.kind);
    const { clusterId } = await bench.provider.create(REGION, call, found.cluster);
    await bench.control.advance(600_000);
    await bench.provider.delete(REGION, clusterId);
    await bench.control.advance(600_000);
    expect(await failing(bench.provider.delete(REGION, clusterId))).toMatchObject({ kind: 'conflict' });
    const [deletion] = await bodies(bench, 'DeleteInstances');
    expect(Object.keys(deletion ?? {}).filter((name) => name.startsWith('InstanceId.'))).toHaveLength(2);
    expect(await bench.provider.observe(REGION, clusterId, call)).toMatchObject({ nodesInService: 0, state: 'gone' });
    expect(await bench.control.clusters({ live: true })).toHaveLength(1);
  });
});

describe('an expiry', () => {
  it('is moved for our instances only, and only while the container shows', async () => {
    const bench = await start();
    const { provider, control, simulator } = bench;
    const { key, call } = opened({ instanceType: SCC, count: 2 });
    const { clusterId } = await provider.create(REGION, call, null);
    await control.advance(600_000);
    const [foreign, own] = (await provider.access(REGION, clusterId)).nodes.map(({ nodeId }) => nodeId);
    const account = { accessKeyId: simulator.accessKeyId, secretAccessKey: simulator.accessKeySecret };
    await addTags({ url: simulator.url, region: REGION, ...account }, [foreign ?? ''], { 'muster:key': `${key}x` });
    const move = async () => provider.moveExpiry?.(REGION, clusterId, Date.now() + 9 * 24 * 3_600_000);
    await control.addFaults({
      operation: 'DescribeHpcClusters',
      fault: { kind: 'error', type: 'NotExists.HpcCluster' },
    });
    expect(await failing(move())).toMatchObject({ kind: 'ambiguous' });
    expect(await bodies(bench, 'ModifyInstanceAutoReleaseTime')).toEqual([]);
    await move();
    expect(await bodies(bench, 'ModifyInstanceAutoReleaseTime')).toMatchObject([{ InstanceId: own }]);
  });
});

describe('an error', () => {
  it('contains no URL and no parameter', async () => {
    const bench = await start();
    const { key, call } = opened({ instanceType: GPU, count: 2 });
    const message = `see https://ecs.example/?Name=${key}&Secret=hush or /?UserData=hush`;
    const faults = [
      { kind: 'error', type: 'InvalidParameter', message, status: 400 } as const,
      { kind: 'error', type: 'SignatureDoesNotMatch', message, status: 400 } as const,
      ...([{ kind: 'hang' }, { kind: 'html' }, { kind: 'reset' }] as const),
    ];
    for (const fault of faults) {
      await bench.control.addFaults({ operation: 'RunInstances', fault });
      const error = await failing(bench.provider.create(REGION, call, null));
      expect(error.message).not.toMatch(/hush|127\.0\.0\.1|mu-ab12cd/);
      expect(error.cause).toBeUndefined();
    }
  });

  it('is definite for an endpoint that is not a URL', async () => {
    const provider = alibabaEcsProvider({ endpoint: 'nowhere', callTimeoutMs: CALL_TIMEOUT_MS });
    expect(await failing(provider.list(REGION, 'mu-'))).toMatchObject({ kind: 'unavailable' });
  });
});
