import { DeleteHpcClusterRequest, DeleteInstancesRequest, DescribeHpcClustersRequest } from '@alicloud/ecs20140526';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRuleInput } from '../../../simulators/index.ts';
import {
  container,
  failureOf,
  idsOf,
  instancesOf,
  LONG_MS,
  REGION,
  run,
  startBench,
  tagged,
  withTag,
  type Bench,
} from './harness.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

type FaultInput = FaultRuleInput['fault'];
const addFaults = (fault: FaultInput, operation = 'CreateHpcCluster') => bench.control.addFaults({ operation, fault });
const create = () => bench.client.createHpcCluster(container('one'));
const born = async () => (await bench.control.clusters()).length;
const statuses = async () => (await instancesOf(bench.client)).map(({ status }) => status);

/** How the vendor's client tells each fault, and whether the container was born all the same. */
const TOLD: readonly { fault: FaultInput; told: Record<string, unknown>; born: number }[] = [
  {
    fault: { kind: 'error', type: 'InternalError', message: 'Failed to create hpc cluster', status: 404 },
    told: { name: 'ClientError', code: 'InternalError', statusCode: 404 },
    born: 0,
  },
  {
    fault: { kind: 'error', when: 'after', type: 'ServiceUnavailable', status: 503 },
    told: { name: 'ServerError', code: 'ServiceUnavailable', statusCode: 503 },
    born: 1,
  },
  {
    fault: { kind: 'error', type: 'LastTokenProcessing', status: 403 },
    told: { name: 'ClientError', code: 'LastTokenProcessing', statusCode: 403 },
    born: 0,
  },
  {
    fault: { kind: 'throttle' },
    told: { name: 'ThrottlingError', code: 'Throttling.User', statusCode: 400 },
    born: 0,
  },
  {
    fault: { kind: 'throttle', status: 429, retryAfterSeconds: 2 },
    told: { name: 'ThrottlingError', statusCode: 429, retryAfter: 2_000 },
    born: 0,
  },
  { fault: { kind: 'reset' }, told: { code: 'ECONNRESET' }, born: 0 },
  { fault: { kind: 'reset', when: 'after' }, told: { code: 'ECONNRESET' }, born: 1 },
  { fault: { kind: 'hang', when: 'after', forMs: 1 }, told: { code: 'ECONNRESET' }, born: 1 },
  { fault: { kind: 'truncate' }, told: { name: 'SyntaxError' }, born: 1 },
  { fault: { kind: 'html' }, told: { name: 'SyntaxError' }, born: 0 },
  { fault: { kind: 'html', when: 'after', status: 502 }, told: { name: 'SyntaxError' }, born: 1 },
];

describe('faults on the way', () => {
  it.each(TOLD)('$fault reach the vendor’s client as $told', async ({ fault, told, born: expected }) => {
    await addFaults(fault);
    expect(await failureOf(create())).toMatchObject(told);
    expect(await born()).toBe(expected);
    expect(await bench.control.faults()).toEqual([]);
    const [call] = await bench.control.journal('CreateHpcCluster');
    expect(call).toMatchObject({
      ...{ fault: fault.kind, effects: expected === 1 ? ['ok'] : [], authOk: true, region: REGION, attempt: 1 },
      body: { Name: 'one', RegionId: REGION },
    });
  });

  it('answers an empty object after the effect', async () => {
    await addFaults({ kind: 'empty' });
    expect((await create()).body?.hpcClusterId).toBeUndefined();
    expect(await born()).toBe(1);
  });

  it('delivers a call twice: two containers without a token, one with it', async () => {
    await addFaults({ kind: 'duplicate' });
    await create();
    expect(await born()).toBe(2);
    await addFaults({ kind: 'duplicate' });
    await bench.client.createHpcCluster(container('two', 'token-1'));
    expect(await born()).toBe(3);
  });

  it('lets instances be born long after their connection was reset, once for each token', async () => {
    await addFaults({ kind: 'late-cluster', afterMs: 30_000 }, 'RunInstances');
    const attempt = () => bench.client.runInstances(run({ clientToken: 'token-1' }));
    expect(await failureOf(attempt())).toMatchObject({ code: 'ECONNRESET' });
    await bench.control.advance(20_000);
    expect(await born()).toBe(0);
    await bench.control.advance(10_000);
    const [cluster] = await bench.control.clusters();
    const [call] = await bench.control.journal('RunInstances');
    expect(cluster?.createdByCall).toBe(call?.requestId);
    await attempt();
    expect(await born()).toBe(1);
  });

  it('meets the calls of one cluster alone, also those that name it by an id', async () => {
    const one = (await create()).body?.hpcClusterId ?? '';
    const two = (await bench.client.createHpcCluster(container('two'))).body?.hpcClusterId ?? '';
    const tag = tagged('muster:key', 'three');
    const [three = ''] = await idsOf(bench.client.runInstances(run({ tag })));
    await bench.control.addFaults({
      ...{ operation: '*', match: { clusterName: /^(one|three)$/ }, times: 'always' },
      fault: { kind: 'throttle' },
    });
    const remove = (hpcClusterId: string) =>
      bench.client.deleteHpcCluster(new DeleteHpcClusterRequest({ regionId: REGION, hpcClusterId }));
    expect(await failureOf(remove(one))).toMatchObject({ code: 'Throttling.User' });
    await remove(two);
    const byId = instancesOf(bench.client, { instanceIds: JSON.stringify([three]) });
    expect(await failureOf(byId)).toMatchObject({ code: 'Throttling.User' });
    expect(await failureOf(instancesOf(bench.client, { tag: withTag('muster:key', 'three') }))).toMatchObject({
      code: 'Throttling.User',
    });
  });
});

describe('outcomes of a run', () => {
  const settled = async (fault: FaultInput, own: Parameters<typeof run>[0] = {}) => {
    await addFaults(fault, 'RunInstances');
    const ids = await idsOf(bench.client.runInstances(run(own)));
    await bench.control.advance(LONG_MS);
    return ids;
  };

  it('finds no stock, or a part of it', async () => {
    const none = settled({ kind: 'no-capacity' });
    expect(await failureOf(none)).toMatchObject({ code: 'OperationDenied.NoStock', statusCode: 403 });
    expect(await settled({ kind: 'partial-capacity', nodes: 2 }, { amount: 3, minAmount: 1 })).toHaveLength(2);
  });

  it('does not start', async () => {
    const instanceId = await settled({ kind: 'fails' });
    expect(await statuses()).toEqual(['Stopped']);
    await bench.client.deleteInstances(new DeleteInstancesRequest({ regionId: REGION, instanceId }));
    await bench.control.advance(LONG_MS);
    expect(await statuses()).toEqual([]);
  });

  it('is slow, or never ready', async () => {
    await settled({ kind: 'slow', extraMs: LONG_MS });
    expect(await statuses()).toEqual(['Starting']);
    await bench.control.advance(LONG_MS);
    expect(await statuses()).toEqual(['Running']);
    await settled({ kind: 'never-ready' });
    expect(await statuses()).toEqual(['Starting', 'Running']);
  });

  it('vanishes, though it was answered for', async () => {
    await settled({ kind: 'vanish', afterMs: 1_000 });
    expect(await statuses()).toEqual([]);
    expect(await bench.control.clusters()).toMatchObject([{ status: 'Gone' }]);
  });

  it('cannot be released to the end', async () => {
    const instanceId = await settled({ kind: 'delete-stuck' });
    await bench.client.deleteInstances(new DeleteInstancesRequest({ regionId: REGION, instanceId, force: true }));
    await bench.control.advance(LONG_MS);
    expect(await statuses()).toEqual(['Stopping']);
  });
});

describe('outcomes of a container', () => {
  it('fails under a status that says something else', async () => {
    await addFaults({ kind: 'fails' });
    expect(await failureOf(create())).toMatchObject({ code: 'InternalError', statusCode: 404 });
    expect(await born()).toBe(0);
  });

  it('stays creating, or never counts as empty, or vanishes', async () => {
    await addFaults({ kind: 'never-ready' });
    await create();
    await bench.control.advance(LONG_MS);
    expect(await bench.control.clusters()).toMatchObject([{ status: 'Creating' }]);
    await addFaults({ kind: 'delete-stuck' });
    const hpcClusterId = (await create()).body?.hpcClusterId ?? '';
    const deletion = bench.client.deleteHpcCluster(new DeleteHpcClusterRequest({ regionId: REGION, hpcClusterId }));
    expect(await failureOf(deletion)).toMatchObject({ code: 'NotEmpty.HpcCluster' });
    await addFaults({ kind: 'vanish', afterMs: 1_000 });
    await create();
    await bench.control.advance(1_000);
    const left = await bench.client.describeHpcClusters(new DescribeHpcClustersRequest({ regionId: REGION }));
    expect(left.body?.totalCount).toBe(2);
  });
});
