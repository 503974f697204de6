import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { container, failureOf, idsOf, instancesOf, LONG_MS, run, SCC, startBench, type Bench } from './harness.ts';

let folder: string;
let bench: Bench;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alibaba-ecs-'));
  bench = await startBench({}, { folder });
});
afterEach(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

async function restart(): Promise<void> {
  await bench.close();
  bench = await startBench({}, { folder });
}

it('goes on after a restart where the clock says it is', async () => {
  const hpcClusterId = (await bench.client.createHpcCluster(container('one', 'token-1'))).body?.hpcClusterId ?? '';
  await bench.control.advance(LONG_MS);
  const ids = await idsOf(bench.client.runInstances(run({ hpcClusterId, instanceType: SCC, clientToken: 'token-2' })));
  await bench.control.script({ operation: 'RunInstances', times: 3, fault: { kind: 'throttle' } });
  await bench.control.setCapacity({ nodes: 1 });
  await bench.control.advance(LONG_MS);
  const [births, calls] = [await bench.control.births(), await bench.control.journal()];
  await restart();
  expect(await bench.control.births()).toEqual(births);
  expect(await bench.control.journal()).toEqual(calls);
  expect(await bench.control.faults()).toMatchObject([{ times: 3 }]);
  await bench.control.clearFaults();
  expect(await instancesOf(bench.client)).toMatchObject([{ instanceId: ids[0], status: 'Running', hpcClusterId }]);
  const repeated = await bench.client.createHpcCluster(container('one', 'token-1'));
  expect(repeated.body?.hpcClusterId).toBe(hpcClusterId);
  await bench.client.runInstances(run());
  expect((await failureOf(bench.client.runInstances(run()))).code).toBe('OperationDenied.NoStock');
});

it('remembers a late birth', async () => {
  await bench.control.script({ operation: 'RunInstances', fault: { kind: 'late-birth', afterMs: LONG_MS } });
  await failureOf(bench.client.runInstances(run({ instanceName: 'late' })));
  await restart();
  expect(await bench.control.births()).toEqual([]);
  await bench.control.advance(LONG_MS);
  expect(await bench.control.births()).toMatchObject([{ name: 'late', status: 'Pending' }]);
});

it('has every birth on disk before the caller hears of it', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, index) => bench.client.createHpcCluster(container(`c-${index}`))));
  const state = JSON.parse(await readFile(join(folder, 'state.json'), 'utf8')) as { hpcClusters: unknown[] };
  expect(state.hpcClusters).toHaveLength(40);
});

it('forgets what it is told to forget, a container with all that is in it', async () => {
  const hpcClusterId = (await bench.client.createHpcCluster(container('one'))).body?.hpcClusterId ?? '';
  await bench.control.advance(LONG_MS);
  await bench.control.script({ operation: 'RunInstances', fault: { kind: 'vanish', afterMs: 0 } });
  await bench.client.runInstances(run({ hpcClusterId, instanceType: SCC }));
  await bench.control.clear('journal', 'births');
  expect(await bench.control.journal()).toEqual([]);
  expect(await bench.control.births()).toMatchObject([{ id: hpcClusterId, nodes: 1 }]);
  await bench.control.clear();
  await restart();
  expect(await bench.control.births()).toEqual([]);
  expect(await instancesOf(bench.client)).toEqual([]);
});

it('gives the same ids for the same seed', async () => {
  const ids = async (seed: string) => {
    const other = await startBench({}, { seed });
    const [id] = await idsOf(other.client.runInstances(run()));
    await other.close();
    return id;
  };
  expect(await ids('x')).toBe(await ids('x'));
  expect(await ids('x')).not.toBe(await ids('y'));
});
