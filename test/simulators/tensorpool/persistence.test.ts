import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { creation, LONG_MS, startBench, type Bench } from './harness.ts';

let folder: string;
let bench: Bench;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorpool-'));
  bench = await startBench({}, folder);
});
afterEach(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

async function restart(): Promise<void> {
  await bench.close();
  bench = await startBench({}, folder);
}

it('goes on after a restart where the clock says it is', async () => {
  const { clusterId, requestId } = await bench.create('one', { save_keys: true });
  await bench.control.script({ operation: 'cluster.info', times: 3, fault: { kind: 'throttle' } });
  await bench.control.setCapacity({ instanceType: '8xH100', nodes: 2 });
  await bench.control.advance(LONG_MS);
  const before = await bench.control.journal();
  await restart();
  expect(await bench.control.faults()).toMatchObject([{ times: 3 }]);
  await bench.control.clearFaults();
  expect(await bench.info(clusterId)).toMatchObject({ id: clusterId, status: 'RUNNING' });
  expect(await bench.requestStatus(requestId)).toBe('COMPLETED');
  expect((await bench.call('GET', '/user/ssh-key/list')).body['keys']).toHaveLength(1);
  expect((await bench.control.journal()).slice(0, before.length)).toEqual(before);

  await bench.create('two');
  await bench.call('DELETE', `/cluster/${clusterId}`);
  await bench.control.advance(LONG_MS);
  await restart();
  expect((await bench.control.births()).map(({ status }) => status)).toEqual(['Gone', 'FAILED']);
});

it('remembers a late birth', async () => {
  await bench.control.script({ operation: 'cluster.create', fault: { kind: 'late-birth', afterMs: LONG_MS } });
  await expect(bench.create('one')).rejects.toThrow();
  await restart();
  expect(await bench.control.births()).toEqual([]);
  await bench.control.advance(LONG_MS);
  expect(await bench.control.births()).toMatchObject([{ name: 'one', status: 'PENDING' }]);
});

it('has every birth on disk before the caller hears of it, each with an id of its own', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, index) => bench.create(`c-${index}`)));
  const state = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')) as { clusters: { id: string }[] };
  expect(new Set(state.clusters.map(({ id }) => id)).size).toBe(40);
});

it('forgets what it is told to forget', async () => {
  await bench.create('one', { save_keys: true });
  await bench.control.clear('journal');
  expect(await bench.control.journal()).toEqual([]);
  expect(await bench.control.births()).toHaveLength(1);
  await bench.control.clear();
  expect(await bench.control.births()).toEqual([]);
  await restart();
  expect(await bench.control.births()).toEqual([]);
  expect((await bench.call('GET', '/user/ssh-key/list')).body['keys']).toEqual([]);
});

it('puts a stranger’s cluster there, in the one place there is', async () => {
  const { id } = await bench.control.seedCluster({ region: 'global', name: 'theirs', nodes: 3 });
  expect(await bench.info(id)).toMatchObject({ name: 'theirs', status: 'RUNNING', num_nodes: 3 });
  expect(await bench.call('POST', '/cluster/create', creation('theirs'))).toMatchObject({ status: 400 });
  await expect(bench.control.seedCluster({ region: 'us-west-2', name: 'x' })).rejects.toThrow(/global/);
  await bench.control.setStatus({ region: 'global', name: 'theirs', status: 'HIBERNATING' });
  expect(await bench.info(id)).toMatchObject({ status: 'HIBERNATING' });
  await bench.control.vanish({ region: 'global', name: 'theirs' });
  expect(await bench.call('GET', `/cluster/info/${id}`)).toMatchObject({ status: 404 });
});
