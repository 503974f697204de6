import { DeleteHpcClusterRequest, DeleteInstancesRequest } from '@alicloud/ecs20140526';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { container, failureOf, idsOf, LONG_MS, REGION, run, SCC, startFixture, type Fixture } from './harness.ts';

const PROCESSING_MS = 2_000;
const HOUR_MS = 3_600_000;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const create = async (name: string, token: string) =>
  (await fixture.client.createHpcCluster(container(name, token))).body?.hpcClusterId;
const created = async () => (await fixture.control.clusters()).length;

it('a call is carried out once, and its repeats get the first result', async () => {
  const first = await create('one', 'token-1');
  expect(await create('one', 'token-1')).toBe(first);
  expect(await create('one', 'token-2')).not.toBe(first);
  const ids = await idsOf(fixture.client.runInstances(run({ amount: 2, clientToken: 'token-1' })));
  expect(await idsOf(fixture.client.runInstances(run({ amount: 2, clientToken: 'token-1' })))).toEqual(ids);
  expect(await created()).toBe(3);
  const calls = await fixture.control.journal('CreateHpcCluster');
  expect(new Set(calls.map(({ requestId }) => requestId)).size).toBe(3);
});

it('a token is refused with other parameters', async () => {
  await create('one', 'token-1');
  const other = await failureOf(create('other', 'token-1'));
  expect(other).toMatchObject({ code: 'IdempotentParameterMismatch', statusCode: 400 });
  expect(await created()).toBe(1);
});

it('a token of another region or another case is another token', async () => {
  await create('one', 'token');
  await create('one', 'Token');
  await fixture.client.createHpcCluster(Object.assign(container('one', 'token'), { regionId: 'cn-beijing' }));
  expect(await created()).toBe(3);
});

it('a repeat is refused while the first call is running', async () => {
  await fixture.close();
  fixture = await startFixture({ durations: { tokenProcessingMs: PROCESSING_MS } });
  const first = await create('one', 'token-1');
  const busy = await failureOf(create('one', 'token-1'));
  expect(busy).toMatchObject({ code: 'LastTokenProcessing', statusCode: 403 });
  await fixture.control.advance(PROCESSING_MS);
  expect(await create('one', 'token-1')).toBe(first);
});

it('tokens are forgotten after a day, or by a clear', async () => {
  await create('one', 'token-1');
  await fixture.control.advance(23 * HOUR_MS);
  await create('one', 'token-1');
  expect(await created()).toBe(1);
  await fixture.control.advance(HOUR_MS);
  await create('one', 'token-1');
  expect(await created()).toBe(2);
  await fixture.control.clear('tokens');
  await create('one', 'token-1');
  expect(await created()).toBe(3);
});

it('a repeat gets the first refusal, also when the call would succeed now', async () => {
  await fixture.control.setCapacity({ nodes: 0 });
  const attempt = (clientToken: string) => fixture.client.runInstances(run({ clientToken }));
  expect(await failureOf(attempt('token-1'))).toMatchObject({ code: 'OperationDenied.NoStock', statusCode: 403 });
  await fixture.control.setCapacity({ nodes: null });
  expect(await failureOf(attempt('token-1'))).toMatchObject({ code: 'OperationDenied.NoStock', statusCode: 403 });
  await attempt('token-2');
  expect(await created()).toBe(1);
});

it('a token is not used up by "try later" or by a dry run', async () => {
  const hpcClusterId = await create('one', 'token-1');
  const attempt = () =>
    idsOf(
      fixture.client.runInstances(run({ instanceType: SCC, clientToken: 'run', hpcClusterId: hpcClusterId ?? '' })),
    );
  expect((await failureOf(attempt())).code).toBe('InvalidHpcClusterId.Creating');
  await fixture.control.advance(LONG_MS);
  const ids = await attempt();

  const release = () =>
    fixture.client.deleteInstances(
      new DeleteInstancesRequest({ regionId: REGION, instanceId: ids, force: true, clientToken: 'release' }),
    );
  expect((await failureOf(release())).code).toBe('IncorrectInstanceStatus.Initializing');
  await fixture.control.advance(LONG_MS);
  await release();

  const dry = run({ clientToken: 'dry', dryRun: true });
  expect((await failureOf(fixture.client.runInstances(dry))).code).toBe('DryRunOperation');
  await fixture.client.runInstances(run({ clientToken: 'dry' }));
});

it('a repeated deletion succeeds like the first, although nothing is left to delete', async () => {
  const hpcClusterId = (await create('one', 'token-1')) ?? '';
  const remove = (clientToken: string) =>
    fixture.client.deleteHpcCluster(new DeleteHpcClusterRequest({ regionId: REGION, hpcClusterId, clientToken }));
  await remove('delete-1');
  await remove('delete-1');
  expect((await failureOf(remove('delete-2'))).code).toBe('NotExists.HpcCluster');
});
