import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteClusterCommand, DescribeClusterCommand } from '@aws-sdk/client-sagemaker';
import { expect, it } from 'vitest';
import { startSimulators } from '../../../simulators/index.ts';
import { PersistentBench } from '../kept.ts';
import { creation, LONG_MS, startBench } from './harness.ts';

const kept = new PersistentBench((folder) => startBench({}, folder));

const describeCluster = (name: string) => kept.bench.client.send(new DescribeClusterCommand({ ClusterName: name }));

it('goes on after a restart where the clock says it is', async () => {
  const { ClusterArn: arn } = await kept.bench.client.send(creation('one'));
  await kept.bench.control.addFaults({ operation: 'DescribeCluster', times: 3, fault: { kind: 'throttle' } });
  await kept.bench.control.setCapacity({ instanceType: 'ml.p5.48xlarge', nodes: 2 });
  await kept.bench.control.advance(LONG_MS);
  const before = await kept.bench.control.journal();
  await kept.restart();
  expect(await kept.bench.control.faults()).toMatchObject([{ times: 3 }]);
  await kept.bench.control.clearFaults();
  expect(await describeCluster('one')).toMatchObject({ ClusterArn: arn, ClusterStatus: 'InService' });
  expect((await kept.bench.control.journal()).slice(0, before.length)).toEqual(before);

  await kept.bench.client.send(creation('two'));
  await kept.bench.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
  await kept.bench.control.advance(LONG_MS);
  await kept.restart();
  expect((await kept.bench.control.clusters()).map((cluster) => cluster.status)).toEqual(['Gone', 'Failed']);
});

it('remembers a late cluster', async () => {
  await kept.bench.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'late-cluster', afterMs: LONG_MS } });
  await kept.bench.client.send(creation('one')).catch(() => undefined);
  await kept.restart();
  expect(await kept.bench.control.clusters()).toEqual([]);
  await kept.bench.control.advance(LONG_MS);
  expect(await kept.bench.control.clusters()).toMatchObject([{ name: 'one', status: 'Creating' }]);
});

it('survives a journal whose last line was torn by a kill', async () => {
  await kept.bench.client.send(creation('one'));
  const journal = join(kept.folder, 'sagemaker', 'journal.jsonl');
  await kept.restart(() => appendFile(journal, '{"receivedAtMs":17'));
  await describeCluster('one');
  expect((await kept.bench.control.journal()).map((call) => call.operation)).toEqual([
    'CreateCluster',
    'DescribeCluster',
  ]);
  const lines = (await readFile(journal, 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { operation: string }).operation)).toEqual([
    'CreateCluster',
    'DescribeCluster',
  ]);
});

it('has every birth on disk before the caller hears of it', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, index) => kept.bench.client.send(creation(`c-${index}`))));
  const state = JSON.parse(await readFile(join(kept.folder, 'sagemaker', 'state.json'), 'utf8')) as {
    clusters: unknown[];
  };
  expect(state.clusters).toHaveLength(40);
});

it('forgets what it is told to forget', async () => {
  await kept.bench.client.send(creation('one'));
  await kept.bench.control.clear('journal');
  expect(await kept.bench.control.journal()).toEqual([]);
  expect(await kept.bench.control.clusters()).toHaveLength(1);
  await kept.bench.control.clear();
  expect(await kept.bench.control.clusters()).toEqual([]);
  await kept.restart();
  expect(await kept.bench.control.clusters()).toEqual([]);
});

it('gives the same ids for the same seed', async () => {
  const run = async (seed: string) => {
    const simulators = await startSimulators({ seed, speed: 60 });
    const { control } = simulators.sagemaker;
    const cluster = await control.seedCluster({ region: 'us-west-2', name: 'a' });
    await simulators.close();
    return cluster.id;
  };
  expect(await run('x')).toBe(await run('x'));
  expect(await run('x')).not.toBe(await run('y'));
});
