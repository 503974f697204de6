import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PersistentBench } from '../kept.ts';
import { container, failureOf, idsOf, instancesOf, LONG_MS, run, SCC, startBench } from './harness.ts';

const kept = new PersistentBench((folder) => startBench({}, { folder }));

it('goes on after a restart where the clock says it is', async () => {
  const hpcClusterId = (await kept.bench.client.createHpcCluster(container('one', 'token-1'))).body?.hpcClusterId ?? '';
  await kept.bench.control.advance(LONG_MS);
  const ids = await idsOf(
    kept.bench.client.runInstances(run({ hpcClusterId, instanceType: SCC, clientToken: 'token-2' })),
  );
  await kept.bench.control.addFaults({ operation: 'RunInstances', times: 3, fault: { kind: 'throttle' } });
  await kept.bench.control.setCapacity({ nodes: 1 });
  await kept.bench.control.advance(LONG_MS);
  const [clusters, calls] = [await kept.bench.control.clusters(), await kept.bench.control.journal()];
  await kept.restart();
  expect(await kept.bench.control.clusters()).toEqual(clusters);
  expect(await kept.bench.control.journal()).toEqual(calls);
  expect(await kept.bench.control.faults()).toMatchObject([{ times: 3 }]);
  await kept.bench.control.clearFaults();
  expect(await instancesOf(kept.bench.client)).toMatchObject([{ instanceId: ids[0], status: 'Running', hpcClusterId }]);
  const repeated = await kept.bench.client.createHpcCluster(container('one', 'token-1'));
  expect(repeated.body?.hpcClusterId).toBe(hpcClusterId);
  await kept.bench.client.runInstances(run());
  expect((await failureOf(kept.bench.client.runInstances(run()))).code).toBe('OperationDenied.NoStock');
});

it('remembers a late cluster', async () => {
  await kept.bench.control.addFaults({ operation: 'RunInstances', fault: { kind: 'late-cluster', afterMs: LONG_MS } });
  await failureOf(kept.bench.client.runInstances(run({ instanceName: 'late' })));
  await kept.restart();
  expect(await kept.bench.control.clusters()).toEqual([]);
  await kept.bench.control.advance(LONG_MS);
  expect(await kept.bench.control.clusters()).toMatchObject([{ name: 'late', status: 'Pending' }]);
});

it('has every birth on disk before the caller hears of it', async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => kept.bench.client.createHpcCluster(container(`c-${index}`))),
  );
  const state = JSON.parse(await readFile(join(kept.folder, 'alibaba-ecs', 'state.json'), 'utf8')) as {
    hpcClusters: unknown[];
  };
  expect(state.hpcClusters).toHaveLength(40);
});

it('forgets what it is told to forget, a container with all that is in it', async () => {
  const hpcClusterId = (await kept.bench.client.createHpcCluster(container('one'))).body?.hpcClusterId ?? '';
  await kept.bench.control.advance(LONG_MS);
  await kept.bench.control.addFaults({ operation: 'RunInstances', fault: { kind: 'vanish', afterMs: 0 } });
  await kept.bench.client.runInstances(run({ hpcClusterId, instanceType: SCC }));
  await kept.bench.control.clear('journal', 'gone-clusters');
  expect(await kept.bench.control.journal()).toEqual([]);
  expect(await kept.bench.control.clusters()).toMatchObject([{ id: hpcClusterId, nodes: 1 }]);
  await kept.bench.control.clear();
  await kept.restart();
  expect(await kept.bench.control.clusters()).toEqual([]);
  expect(await instancesOf(kept.bench.client)).toEqual([]);
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
