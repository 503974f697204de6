import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteClusterCommand, DescribeClusterCommand } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSimulators } from '../../../simulators/index.ts';
import { creation, LONG_MS, startBench, type Bench } from './harness.ts';

let folder: string;
let bench: Bench;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulators-'));
  bench = await startBench({}, folder);
});
afterEach(async () => {
  await bench.close();
  await rm(folder, { recursive: true });
});

const describeCluster = (name: string) => bench.client.send(new DescribeClusterCommand({ ClusterName: name }));

async function restart(): Promise<void> {
  await bench.close();
  bench = await startBench({}, folder);
}

it('goes on after a restart where the clock says it is', async () => {
  const { ClusterArn: arn } = await bench.client.send(creation('one'));
  await bench.control.script({ operation: 'DescribeCluster', times: 3, fault: { kind: 'throttle' } });
  await bench.control.setCapacity({ instanceType: 'ml.p5.48xlarge', nodes: 2 });
  await bench.control.advance(LONG_MS);
  const before = await bench.control.journal();
  await restart();
  expect(await bench.control.faults()).toMatchObject([{ times: 3 }]);
  await bench.control.clearFaults();
  expect(await describeCluster('one')).toMatchObject({ ClusterArn: arn, ClusterStatus: 'InService' });
  expect((await bench.control.journal()).slice(0, before.length)).toEqual(before);

  await bench.client.send(creation('two'));
  await bench.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
  await bench.control.advance(LONG_MS);
  await restart();
  expect((await bench.control.births()).map((birth) => birth.status)).toEqual(['Gone', 'Failed']);
});

it('remembers a late birth', async () => {
  await bench.control.script({ operation: 'CreateCluster', fault: { kind: 'late-birth', afterMs: LONG_MS } });
  await bench.client.send(creation('one')).catch(() => undefined);
  await restart();
  expect(await bench.control.births()).toEqual([]);
  await bench.control.advance(LONG_MS);
  expect(await bench.control.births()).toMatchObject([{ name: 'one', status: 'Creating' }]);
});

it('survives a journal whose last line was torn by a kill', async () => {
  await bench.client.send(creation('one'));
  await bench.close();
  const journal = join(folder, 'sagemaker', 'journal.jsonl');
  await appendFile(journal, '{"receivedAtMs":17');
  bench = await startBench({}, folder);
  await describeCluster('one');
  expect((await bench.control.journal()).map((call) => call.operation)).toEqual(['CreateCluster', 'DescribeCluster']);
  const lines = (await readFile(journal, 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { operation: string }).operation)).toEqual([
    'CreateCluster',
    'DescribeCluster',
  ]);
});

it('has every birth on disk before the caller hears of it', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, index) => bench.client.send(creation(`c-${index}`))));
  const state = JSON.parse(await readFile(join(folder, 'sagemaker', 'state.json'), 'utf8')) as { clusters: unknown[] };
  expect(state.clusters).toHaveLength(40);
});

it('forgets what it is told to forget', async () => {
  await bench.client.send(creation('one'));
  await bench.control.clear('journal');
  expect(await bench.control.journal()).toEqual([]);
  expect(await bench.control.births()).toHaveLength(1);
  await bench.control.clear();
  expect(await bench.control.births()).toEqual([]);
  await restart();
  expect(await bench.control.births()).toEqual([]);
});

it('gives the same ids for the same seed', async () => {
  const run = async (seed: string) => {
    const simulators = await startSimulators({ seed, speed: 60 });
    const { control } = simulators.sagemaker;
    const birth = await control.seedCluster({ region: 'us-west-2', name: 'a' });
    await simulators.close();
    return birth.id;
  };
  expect(await run('x')).toBe(await run('x'));
  expect(await run('x')).not.toBe(await run('y'));
});
