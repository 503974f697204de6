import { DescribeHpcClustersRequest, DescribeInstancesRequest } from '@alicloud/ecs20140526';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  container,
  failureOf,
  idsOf,
  instancesOf,
  REGION,
  run,
  SCC,
  startFixture,
  tagged,
  withTag,
  type Fixture,
} from './harness.ts';

const GET_LAG_MS = 1_000;
const LIST_LAG_MS = 5_000;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const page = async (query: Partial<DescribeInstancesRequest>) => {
  const reply = await fixture.client.describeInstances(new DescribeInstancesRequest({ regionId: REGION, ...query }));
  const names = reply.body?.instances?.instance?.map(({ instanceName }) => instanceName) ?? [];
  return { names, total: reply.body?.totalCount, next: reply.body?.nextToken };
};
const nodes = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => `n${from - index}`);

describe('instances', () => {
  beforeEach(async () => {
    await fixture.client.runInstances(run({ amount: 25, instanceName: 'n[1,]' }));
  });

  it('are paged by number', async () => {
    expect(await page({})).toEqual({ names: nodes(25, 16), total: 25, next: '' });
    expect(await page({ pageNumber: 2, pageSize: 20 })).toEqual({ names: nodes(5, 1), total: 25, next: '' });
    expect(await failureOf(page({ pageSize: 101 }))).toMatchObject({ code: 'InvalidParameter' });
  });

  it('are paged by token, which neither repeats nor omits any when others are created between two pages', async () => {
    const first = await page({ maxResults: 10 });
    expect(first).toMatchObject({ names: nodes(25, 16), total: 0 });
    await fixture.client.runInstances(run({ instanceName: 'newer' }));
    await fixture.control.setStatus({ region: REGION, name: 'n1', status: 'Running' });
    const second = await page({ maxResults: 10, nextToken: first.next ?? '' });
    expect(second.names).toEqual(nodes(15, 6));
    expect(await page({ maxResults: 10, nextToken: second.next ?? '' })).toMatchObject({
      names: nodes(5, 1),
      next: '',
    });
  });

  it('have page sizes within bounds, and tokens that another query refuses', async () => {
    expect((await page({ maxResults: 1 })).names).toHaveLength(10);
    const { next = '' } = await page({ maxResults: 1_000 });
    expect(next).toBe('');
    const first = await page({ maxResults: 10 });
    const other = page({ maxResults: 10, nextToken: first.next ?? '', status: 'Running' });
    expect(await failureOf(other)).toMatchObject({ code: 'InvalidParameter' });
  });

  it('are found by ids, names, tags, types and statuses', async () => {
    const [id = ''] = await idsOf(fixture.client.runInstances(run({ instanceName: 'red', tag: tagged('team', 'a') })));
    await fixture.client.runInstances(
      run({ instanceName: 'blue', tag: tagged('team', 'b'), instanceType: 'ecs.g7.large' }),
    );
    const named = async (query: Partial<DescribeInstancesRequest>) => (await page(query)).names;
    expect(await named({ instanceIds: JSON.stringify([id, 'i-other']) })).toEqual(['red']);
    expect(await named({ instanceName: '*e*' })).toEqual(['blue', 'red']);
    expect(await named({ instanceName: 'n1' })).toEqual(['n1']);
    expect(await named({ tag: withTag('team') })).toEqual(['blue', 'red']);
    expect(await named({ tag: withTag('team', 'b') })).toEqual(['blue']);
    expect(await named({ instanceType: 'ecs.g7.large' })).toEqual(['blue']);
    expect(await named({ status: 'Running' })).toEqual([]);
    // This error is in the operation's own table.
    expect(await failureOf(named({ hpcClusterId: 'hpc-other' }))).toMatchObject({
      code: 'InvalidHpcClusterId.NotFound',
    });
  });
});

it('containers are paged by number, newest first', async () => {
  for (const name of ['c1', 'c2', 'c3']) await fixture.client.createHpcCluster(container(name));
  const names = async (pageNumber: number) => {
    const query = new DescribeHpcClustersRequest({ regionId: REGION, pageNumber, pageSize: 2 });
    const { body } = await fixture.client.describeHpcClusters(query);
    expect(body).toMatchObject({ totalCount: 3, pageNumber, pageSize: 2 });
    return body?.hpcClusters?.hpcCluster?.map(({ name }) => name);
  };
  expect([await names(1), await names(2), await names(3)]).toEqual([['c3', 'c2'], ['c1'], []]);
});

it('new containers and instances show after a lag, which is longer in lists than by id', async () => {
  await fixture.close();
  fixture = await startFixture({ durations: { getLagMs: GET_LAG_MS, listLagMs: LIST_LAG_MS, hpcCreatingMs: 0 } });
  const hpcClusterId = (await fixture.client.createHpcCluster(container('late'))).body?.hpcClusterId ?? '';
  const attempt = () => idsOf(fixture.client.runInstances(run({ instanceType: SCC, hpcClusterId })));
  const listed = async (ids?: string) =>
    (
      await fixture.client.describeHpcClusters(
        new DescribeHpcClustersRequest({ regionId: REGION, ...(ids === undefined ? {} : { hpcClusterIds: ids }) }),
      )
    ).body?.totalCount;
  expect(await failureOf(attempt())).toMatchObject({ code: 'InvalidHpcClusterId.NotFound', statusCode: 400 });
  expect(await listed(JSON.stringify([hpcClusterId]))).toBe(0);
  await fixture.control.advance(GET_LAG_MS);
  const [id = ''] = await attempt();
  expect([await listed(JSON.stringify([hpcClusterId])), await listed()]).toEqual([1, 0]);

  const byId = { instanceIds: JSON.stringify([id]) };
  expect(await instancesOf(fixture.client, byId)).toEqual([]);
  await fixture.control.advance(GET_LAG_MS);
  expect(await instancesOf(fixture.client, byId)).toHaveLength(1);
  expect(await instancesOf(fixture.client)).toEqual([]);
  await fixture.control.advance(LIST_LAG_MS);
  expect([await listed(), (await instancesOf(fixture.client)).length]).toEqual([1, 1]);
});
