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
  startFixture,
  tagged,
  withTag,
  type Fixture,
} from './harness.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

type FaultInput = FaultRuleInput['fault'];
const addFaults = (fault: FaultInput, operation = 'CreateHpcCluster') =>
  fixture.control.addFaults({ operation, fault });
const create = () => fixture.client.createHpcCluster(container('one'));
const created = async () => (await fixture.control.clusters()).length;
const statuses = async () => (await instancesOf(fixture.client)).map(({ status }) => status);

/** How the vendor's client reports each fault, and how many containers there are after it. */
const REPORTS: readonly { fault: FaultInput; report: Record<string, unknown>; created: number }[] = [
  {
    fault: { kind: 'error', type: 'InternalError', message: 'Failed to create hpc cluster', status: 404 },
    report: { name: 'ClientError', code: 'InternalError', statusCode: 404 },
    created: 0,
  },
  {
    fault: { kind: 'error', when: 'after', type: 'ServiceUnavailable', status: 503 },
    report: { name: 'ServerError', code: 'ServiceUnavailable', statusCode: 503 },
    created: 1,
  },
  {
    fault: { kind: 'error', type: 'LastTokenProcessing', status: 403 },
    report: { name: 'ClientError', code: 'LastTokenProcessing', statusCode: 403 },
    created: 0,
  },
  {
    fault: { kind: 'throttle' },
    report: { name: 'ThrottlingError', code: 'Throttling.User', statusCode: 400 },
    created: 0,
  },
  {
    fault: { kind: 'throttle', status: 429, retryAfterSeconds: 2 },
    report: { name: 'ThrottlingError', statusCode: 429, retryAfter: 2_000 },
    created: 0,
  },
  { fault: { kind: 'reset' }, report: { code: 'ECONNRESET' }, created: 0 },
  { fault: { kind: 'reset', when: 'after' }, report: { code: 'ECONNRESET' }, created: 1 },
  { fault: { kind: 'hang', when: 'after', forMs: 1 }, report: { code: 'ECONNRESET' }, created: 1 },
  { fault: { kind: 'truncate' }, report: { name: 'SyntaxError' }, created: 1 },
  { fault: { kind: 'html' }, report: { name: 'SyntaxError' }, created: 0 },
  { fault: { kind: 'html', when: 'after', status: 502 }, report: { name: 'SyntaxError' }, created: 1 },
];

describe('a fault on the way', () => {
  it.each(REPORTS)(
    '$fault is reported by the vendor’s client as $report',
    async ({ fault, report, created: expected }) => {
      await addFaults(fault);
      expect(await failureOf(create())).toMatchObject(report);
      expect(await created()).toBe(expected);
      expect(await fixture.control.faults()).toEqual([]);
      const [call] = await fixture.control.journal('CreateHpcCluster');
      expect(call).toMatchObject({
        ...{ fault: fault.kind, effects: expected === 1 ? ['ok'] : [], authOk: true, region: REGION, attempt: 1 },
        body: { Name: 'one', RegionId: REGION },
      });
    },
  );

  it('answers with an empty object after the effect', async () => {
    await addFaults({ kind: 'empty' });
    expect((await create()).body?.hpcClusterId).toBeUndefined();
    expect(await created()).toBe(1);
  });

  it('carries a call out twice: two containers without a token, one with it', async () => {
    await addFaults({ kind: 'duplicate' });
    await create();
    expect(await created()).toBe(2);
    await addFaults({ kind: 'duplicate' });
    await fixture.client.createHpcCluster(container('two', 'token-1'));
    expect(await created()).toBe(3);
  });

  it('creates instances long after the connection was reset, once for each token', async () => {
    await addFaults({ kind: 'late-cluster', afterMs: 30_000 }, 'RunInstances');
    const attempt = () => fixture.client.runInstances(run({ clientToken: 'token-1' }));
    expect(await failureOf(attempt())).toMatchObject({ code: 'ECONNRESET' });
    await fixture.control.advance(20_000);
    expect(await created()).toBe(0);
    await fixture.control.advance(10_000);
    const [cluster] = await fixture.control.clusters();
    const [call] = await fixture.control.journal('RunInstances');
    expect(cluster?.createdByCall).toBe(call?.requestId);
    await attempt();
    expect(await created()).toBe(1);
  });

  it('can meet the calls of one cluster only, also those that name it by an id', async () => {
    const one = (await create()).body?.hpcClusterId ?? '';
    const two = (await fixture.client.createHpcCluster(container('two'))).body?.hpcClusterId ?? '';
    const tag = tagged('muster:key', 'three');
    const [three = ''] = await idsOf(fixture.client.runInstances(run({ tag })));
    await fixture.control.addFaults({
      ...{ operation: '*', match: { clusterName: /^(one|three)$/ }, times: 'always' },
      fault: { kind: 'throttle' },
    });
    const remove = (hpcClusterId: string) =>
      fixture.client.deleteHpcCluster(new DeleteHpcClusterRequest({ regionId: REGION, hpcClusterId }));
    expect(await failureOf(remove(one))).toMatchObject({ code: 'Throttling.User' });
    await remove(two);
    const byId = instancesOf(fixture.client, { instanceIds: JSON.stringify([three]) });
    expect(await failureOf(byId)).toMatchObject({ code: 'Throttling.User' });
    expect(await failureOf(instancesOf(fixture.client, { tag: withTag('muster:key', 'three') }))).toMatchObject({
      code: 'Throttling.User',
    });
  });
});

describe('a fault of a run', () => {
  const afterAnHour = async (fault: FaultInput, own: Parameters<typeof run>[0] = {}) => {
    await addFaults(fault, 'RunInstances');
    const ids = await idsOf(fixture.client.runInstances(run(own)));
    await fixture.control.advance(LONG_MS);
    return ids;
  };

  it('leaves no stock, or a part of it', async () => {
    const none = afterAnHour({ kind: 'no-capacity' });
    expect(await failureOf(none)).toMatchObject({ code: 'OperationDenied.NoStock', statusCode: 403 });
    expect(await afterAnHour({ kind: 'partial-capacity', nodes: 2 }, { amount: 3, minAmount: 1 })).toHaveLength(2);
  });

  it('keeps its instances from starting', async () => {
    const instanceId = await afterAnHour({ kind: 'fails' });
    expect(await statuses()).toEqual(['Stopped']);
    await fixture.client.deleteInstances(new DeleteInstancesRequest({ regionId: REGION, instanceId }));
    await fixture.control.advance(LONG_MS);
    expect(await statuses()).toEqual([]);
  });

  it('makes its instances slow, or never ready', async () => {
    await afterAnHour({ kind: 'slow', extraMs: LONG_MS });
    expect(await statuses()).toEqual(['Starting']);
    await fixture.control.advance(LONG_MS);
    expect(await statuses()).toEqual(['Running']);
    await afterAnHour({ kind: 'never-ready' });
    expect(await statuses()).toEqual(['Starting', 'Running']);
  });

  it('makes its instances vanish after the reply', async () => {
    await afterAnHour({ kind: 'vanish', afterMs: 1_000 });
    expect(await statuses()).toEqual([]);
    expect(await fixture.control.clusters()).toMatchObject([{ status: 'Gone' }]);
  });

  it('keeps a release from ending', async () => {
    const instanceId = await afterAnHour({ kind: 'delete-stuck' });
    await fixture.client.deleteInstances(new DeleteInstancesRequest({ regionId: REGION, instanceId, force: true }));
    await fixture.control.advance(LONG_MS);
    expect(await statuses()).toEqual(['Stopping']);
  });
});

describe('a fault of a container', () => {
  it('makes its creation fail with status 404, as the service does', async () => {
    await addFaults({ kind: 'fails' });
    expect(await failureOf(create())).toMatchObject({ code: 'InternalError', statusCode: 404 });
    expect(await created()).toBe(0);
  });

  it('keeps it creating, or never empty, or makes it vanish', async () => {
    await addFaults({ kind: 'never-ready' });
    await create();
    await fixture.control.advance(LONG_MS);
    expect(await fixture.control.clusters()).toMatchObject([{ status: 'Creating' }]);
    await addFaults({ kind: 'delete-stuck' });
    const hpcClusterId = (await create()).body?.hpcClusterId ?? '';
    const deletion = fixture.client.deleteHpcCluster(new DeleteHpcClusterRequest({ regionId: REGION, hpcClusterId }));
    expect(await failureOf(deletion)).toMatchObject({ code: 'NotEmpty.HpcCluster' });
    await addFaults({ kind: 'vanish', afterMs: 1_000 });
    await create();
    await fixture.control.advance(1_000);
    const left = await fixture.client.describeHpcClusters(new DescribeHpcClustersRequest({ regionId: REGION }));
    expect(left.body?.totalCount).toBe(2);
  });
});
