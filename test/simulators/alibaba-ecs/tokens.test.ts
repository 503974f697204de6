import { DeleteHpcClusterRequest, DeleteInstancesRequest } from '@alicloud/ecs20140526';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { container, failureOf, idsOf, LONG_MS, REGION, run, SCC, startBench, type Bench } from './harness.ts';

const PROCESSING_MS = 2_000;
const HOUR_MS = 3_600_000;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const create = async (name: string, token: string) =>
  (await bench.client.createHpcCluster(container(name, token))).body?.hpcClusterId;
const born = async () => (await bench.control.clusters()).length;

it('carries a call out once, and gives its repeats the first outcome', async () => {
  const first = await create('one', 'token-1');
  expect(await create('one', 'token-1')).toBe(first);
  expect(await create('one', 'token-2')).not.toBe(first);
  const ids = await idsOf(bench.client.runInstances(run({ amount: 2, clientToken: 'token-1' })));
  expect(await idsOf(bench.client.runInstances(run({ amount: 2, clientToken: 'token-1' })))).toEqual(ids);
  expect(await born()).toBe(3);
  const calls = await bench.control.journal('CreateHpcCluster');
  expect(new Set(calls.map(({ requestId }) => requestId)).size).toBe(3);
});

it('refuses a token with other parameters', async () => {
  await create('one', 'token-1');
  const other = await failureOf(create('other', 'token-1'));
  expect(other).toMatchObject({ code: 'IdempotentParameterMismatch', statusCode: 400 });
  expect(await born()).toBe(1);
});

it('knows a token by its region and its case', async () => {
  await create('one', 'token');
  await create('one', 'Token');
  await bench.client.createHpcCluster(Object.assign(container('one', 'token'), { regionId: 'cn-beijing' }));
  expect(await born()).toBe(3);
});

it('says so while the first call is still in work', async () => {
  await bench.close();
  bench = await startBench({ durations: { tokenProcessingMs: PROCESSING_MS } });
  const first = await create('one', 'token-1');
  const busy = await failureOf(create('one', 'token-1'));
  expect(busy).toMatchObject({ code: 'LastTokenProcessing', statusCode: 403 });
  await bench.control.advance(PROCESSING_MS);
  expect(await create('one', 'token-1')).toBe(first);
});

it('forgets tokens after a day, or when it is told to', async () => {
  await create('one', 'token-1');
  await bench.control.advance(23 * HOUR_MS);
  await create('one', 'token-1');
  expect(await born()).toBe(1);
  await bench.control.advance(HOUR_MS);
  await create('one', 'token-1');
  expect(await born()).toBe(2);
  await bench.control.clear('tokens');
  await create('one', 'token-1');
  expect(await born()).toBe(3);
});

it('keeps refusing what it has refused, though it would take it now', async () => {
  await bench.control.setCapacity({ nodes: 0 });
  const attempt = (clientToken: string) => bench.client.runInstances(run({ clientToken }));
  expect(await failureOf(attempt('token-1'))).toMatchObject({ code: 'OperationDenied.NoStock', statusCode: 403 });
  await bench.control.setCapacity({ nodes: null });
  expect(await failureOf(attempt('token-1'))).toMatchObject({ code: 'OperationDenied.NoStock', statusCode: 403 });
  await attempt('token-2');
  expect(await born()).toBe(1);
});

it('does not settle a token with "try later", nor with a dry run', async () => {
  const hpcClusterId = await create('one', 'token-1');
  const attempt = () =>
    idsOf(bench.client.runInstances(run({ instanceType: SCC, clientToken: 'run', hpcClusterId: hpcClusterId ?? '' })));
  expect((await failureOf(attempt())).code).toBe('InvalidHpcClusterId.Creating');
  await bench.control.advance(LONG_MS);
  const ids = await attempt();

  const release = () =>
    bench.client.deleteInstances(
      new DeleteInstancesRequest({ regionId: REGION, instanceId: ids, force: true, clientToken: 'release' }),
    );
  expect((await failureOf(release())).code).toBe('IncorrectInstanceStatus.Initializing');
  await bench.control.advance(LONG_MS);
  await release();

  const dry = run({ clientToken: 'dry', dryRun: true });
  expect((await failureOf(bench.client.runInstances(dry))).code).toBe('DryRunOperation');
  await bench.client.runInstances(run({ clientToken: 'dry' }));
});

it('answers a repeated deletion like the first, when what it deleted has gone', async () => {
  const hpcClusterId = (await create('one', 'token-1')) ?? '';
  const remove = (clientToken: string) =>
    bench.client.deleteHpcCluster(new DeleteHpcClusterRequest({ regionId: REGION, hpcClusterId, clientToken }));
  await remove('delete-1');
  await remove('delete-1');
  expect((await failureOf(remove('delete-2'))).code).toBe('NotExists.HpcCluster');
});
