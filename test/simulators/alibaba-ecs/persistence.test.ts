import { expect, it } from 'vitest';
import { PersistentFixture } from '../persistent-fixture.ts';
import { container, failureOf, idsOf, instancesOf, LONG_MS, run, SCC, startFixture } from './harness.ts';

const persistent = new PersistentFixture((folder) => startFixture({}, { folder }));
const control = () => persistent.fixture.control;
const client = () => persistent.fixture.client;

const createContainer = async (token?: string) =>
  (await client().createHpcCluster(container('one', token))).body?.hpcClusterId ?? '';

it('instances start, tokens are remembered and limits apply after a restart', async () => {
  const hpcClusterId = await createContainer('token-1');
  await control().advance(LONG_MS);
  const call = run({ hpcClusterId, instanceType: SCC, clientToken: 'token-2' });
  const ids = await idsOf(client().runInstances(call));
  await control().setCapacity({ nodes: 1 });
  await persistent.restart();
  await control().advance(LONG_MS);
  expect(await instancesOf(client())).toMatchObject([{ instanceId: ids[0], status: 'Running', hpcClusterId }]);
  expect(await createContainer('token-1')).toBe(hpcClusterId);
  expect(await idsOf(client().runInstances(call))).toEqual(ids);
  await client().runInstances(run());
  expect((await failureOf(client().runInstances(run()))).code).toBe('OperationDenied.NoStock');
});

it('a clear keeps a live container with its gone instances, and removes both together', async () => {
  const hpcClusterId = await createContainer();
  await control().advance(LONG_MS);
  await control().addFaults({ operation: 'RunInstances', fault: { kind: 'vanish', afterMs: 0 } });
  await client().runInstances(run({ hpcClusterId, instanceType: SCC }));
  await control().clear('gone-clusters');
  expect(await control().clusters()).toMatchObject([{ id: hpcClusterId, nodes: 1 }]);
  await control().clear('live-clusters');
  await persistent.restart();
  expect(await control().clusters()).toEqual([]);
  expect(await instancesOf(client())).toEqual([]);
});
