import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PersistentBench } from '../kept.ts';
import { creation, LONG_MS, startBench } from './harness.ts';

const kept = new PersistentBench((folder) => startBench({}, folder));

it('goes on after a restart where the clock says it is', async () => {
  const { clusterId, requestId } = await kept.bench.create('one', { save_keys: true });
  await kept.bench.control.addFaults({ operation: 'cluster.info', times: 3, fault: { kind: 'throttle' } });
  await kept.bench.control.setCapacity({ instanceType: '8xH100', nodes: 2 });
  await kept.bench.control.advance(LONG_MS);
  const before = await kept.bench.control.journal();
  await kept.restart();
  expect(await kept.bench.control.faults()).toMatchObject([{ times: 3 }]);
  await kept.bench.control.clearFaults();
  expect(await kept.bench.info(clusterId)).toMatchObject({ id: clusterId, status: 'RUNNING' });
  expect(await kept.bench.requestStatus(requestId)).toBe('COMPLETED');
  expect((await kept.bench.call('GET', '/user/ssh-key/list')).body['keys']).toHaveLength(1);
  expect((await kept.bench.control.journal()).slice(0, before.length)).toEqual(before);

  await kept.bench.create('two');
  await kept.bench.call('DELETE', `/cluster/${clusterId}`);
  await kept.bench.control.advance(LONG_MS);
  await kept.restart();
  expect((await kept.bench.control.clusters()).map(({ status }) => status)).toEqual(['Gone', 'FAILED']);
});

it('remembers a late cluster', async () => {
  await kept.bench.control.addFaults({
    operation: 'cluster.create',
    fault: { kind: 'late-cluster', afterMs: LONG_MS },
  });
  await expect(kept.bench.create('one')).rejects.toThrow();
  await kept.restart();
  expect(await kept.bench.control.clusters()).toEqual([]);
  await kept.bench.control.advance(LONG_MS);
  expect(await kept.bench.control.clusters()).toMatchObject([{ name: 'one', status: 'PENDING' }]);
});

it('has every birth on disk before the caller hears of it, each with an id of its own', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, index) => kept.bench.create(`c-${index}`)));
  const file = join(kept.folder, 'tensorpool', 'state.json');
  const state = JSON.parse(await readFile(file, 'utf8')) as { clusters: { id: string }[] };
  expect(new Set(state.clusters.map(({ id }) => id)).size).toBe(40);
});

it('forgets what it is told to forget', async () => {
  await kept.bench.create('one', { save_keys: true });
  await kept.bench.control.clear('journal');
  expect(await kept.bench.control.journal()).toEqual([]);
  expect(await kept.bench.control.clusters()).toHaveLength(1);
  await kept.bench.control.clear();
  expect(await kept.bench.control.clusters()).toEqual([]);
  await kept.restart();
  expect(await kept.bench.control.clusters()).toEqual([]);
  expect((await kept.bench.call('GET', '/user/ssh-key/list')).body['keys']).toEqual([]);
});

it('puts a stranger’s cluster there, in the one place there is', async () => {
  const { id } = await kept.bench.control.seedCluster({ region: 'global', name: 'theirs', nodes: 3 });
  expect(await kept.bench.info(id)).toMatchObject({ name: 'theirs', status: 'RUNNING', num_nodes: 3 });
  expect(await kept.bench.call('POST', '/cluster/create', creation('theirs'))).toMatchObject({ status: 400 });
  await expect(kept.bench.control.seedCluster({ region: 'us-west-2', name: 'x' })).rejects.toThrow(/global/);
  await kept.bench.control.setStatus({ region: 'global', name: 'theirs', status: 'HIBERNATING' });
  expect(await kept.bench.info(id)).toMatchObject({ status: 'HIBERNATING' });
  await kept.bench.control.vanish({ region: 'global', name: 'theirs' });
  expect(await kept.bench.call('GET', `/cluster/info/${id}`)).toMatchObject({ status: 404 });
});
