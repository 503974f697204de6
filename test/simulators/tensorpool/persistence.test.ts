import { expect, it } from 'vitest';
import { PersistentFixture } from '../persistent-fixture.ts';
import { creation, LONG_MS, startFixture } from './harness.ts';

const persistent = new PersistentFixture((folder) => startFixture({}, { folder }));

const savedKeys = async () => (await persistent.fixture.call('GET', '/user/ssh-key/list')).body['keys'];

it('creations and deletions go on after a restart, with their requests, keys and limits', async () => {
  const { clusterId, requestId } = await persistent.fixture.create('one', { save_keys: true });
  await persistent.fixture.control.setCapacity({ instanceType: '8xH100', nodes: 2 });
  await persistent.restart();
  await persistent.fixture.control.advance(LONG_MS);
  expect(await persistent.fixture.info(clusterId)).toMatchObject({ id: clusterId, status: 'RUNNING' });
  expect(await persistent.fixture.requestStatus(requestId)).toBe('COMPLETED');
  expect(await savedKeys()).toHaveLength(1);

  await persistent.fixture.create('two');
  await persistent.fixture.call('DELETE', `/cluster/${clusterId}`);
  await persistent.fixture.control.advance(LONG_MS);
  await persistent.restart();
  expect((await persistent.fixture.control.clusters()).map(({ status }) => status)).toEqual(['Gone', 'FAILED']);
});

it('a clear of the live clusters removes the keys in the profile', async () => {
  await persistent.fixture.create('one', { save_keys: true });
  await persistent.fixture.control.clear('live-clusters');
  await persistent.restart();
  expect(await savedKeys()).toEqual([]);
});

it('a seeded cluster shows to callers and reserves its name, in the one region that there is', async () => {
  const { id } = await persistent.fixture.control.seedCluster({ region: 'global', name: 'theirs', nodes: 3 });
  expect(await persistent.fixture.info(id)).toMatchObject({ name: 'theirs', status: 'RUNNING', num_nodes: 3 });
  expect(await persistent.fixture.call('POST', '/cluster/create', creation('theirs'))).toMatchObject({ status: 400 });
  await expect(persistent.fixture.control.seedCluster({ region: 'us-west-2', name: 'x' })).rejects.toThrow(/global/);
  await persistent.fixture.control.vanish({ region: 'global', name: 'theirs' });
  expect(await persistent.fixture.call('GET', `/cluster/info/${id}`)).toMatchObject({ status: 404 });
});
