import {
  DeleteClusterCommand,
  DescribeClusterCommand,
  ListClusterNodesCommand,
  ListClustersCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault, FaultRuleInput } from '../../../simulators/index.ts';
import { creation, failureOf, LONG_MS, startBench, type Bench } from './harness.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

type FaultInput = FaultRuleInput['fault'];
const addFaults = (fault: FaultInput) => bench.control.addFaults({ operation: 'CreateCluster', fault });
const describeCluster = () => bench.client.send(new DescribeClusterCommand({ ClusterName: 'one' }));
const born = async () => (await bench.control.clusters()).length;

/** How the SDK tells each fault, and whether the cluster was born all the same. */
const TOLD: readonly { fault: FaultInput; name: string; status?: number; code?: string; born: number }[] = [
  { fault: { kind: 'error', type: 'InternalFailure', status: 500 }, name: 'InternalFailure', status: 500, born: 0 },
  {
    fault: { kind: 'error', when: 'after', type: 'AccessDeniedException' },
    name: 'AccessDeniedException',
    status: 400,
    born: 1,
  },
  { fault: { kind: 'throttle' }, name: 'ThrottlingException', status: 400, born: 0 },
  { fault: { kind: 'throttle', status: 429, retryAfterSeconds: 2 }, name: 'ThrottlingException', status: 429, born: 0 },
  { fault: { kind: 'reset' }, name: 'TimeoutError', code: 'ECONNRESET', born: 0 },
  { fault: { kind: 'reset', when: 'after' }, name: 'TimeoutError', code: 'ECONNRESET', born: 1 },
  { fault: { kind: 'hang', forMs: 1 }, name: 'TimeoutError', code: 'ECONNRESET', born: 0 },
  { fault: { kind: 'hang', when: 'after', forMs: 1 }, name: 'TimeoutError', code: 'ECONNRESET', born: 1 },
  { fault: { kind: 'truncate' }, name: 'SyntaxError', status: 200, born: 1 },
  { fault: { kind: 'html' }, name: 'SyntaxError', status: 503, born: 0 },
  { fault: { kind: 'html', when: 'after', status: 502 }, name: 'SyntaxError', status: 502, born: 1 },
];

describe('faults on the way', () => {
  it.each(TOLD)('$fault.kind $fault.when reaches the SDK as $name', async ({ fault, born: expected, ...told }) => {
    await addFaults(fault);
    expect(await failureOf(bench.client.send(creation('one')))).toMatchObject(told);
    expect(await born()).toBe(expected);
    expect(await bench.control.faults()).toEqual([]);
    const [call] = await bench.control.journal('CreateCluster');
    expect(call).toMatchObject({ fault: fault.kind, effects: expected === 1 ? ['ok'] : [], authOk: true });
  });

  it('hangs until the caller gives up', async () => {
    await addFaults({ kind: 'hang', when: 'after' });
    const abort = new AbortController();
    const call = failureOf(bench.client.send(creation('one'), { abortSignal: abort.signal }));
    await expect.poll(() => bench.control.journal('CreateCluster')).toMatchObject([{ replyStatus: null }]);
    abort.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    expect(await born()).toBe(1);
  });

  it('ends calls that hang when it closes', async () => {
    await addFaults({ kind: 'hang' });
    const call = failureOf(bench.client.send(creation('one')));
    await expect.poll(() => bench.control.journal('CreateCluster')).toHaveLength(1);
    await bench.simulators.close();
    expect(await call).toMatchObject({ code: 'ECONNRESET' });
  });

  it('answers an empty object after the effect', async () => {
    await addFaults({ kind: 'empty' });
    expect((await bench.client.send(creation('one'))).ClusterArn).toBeUndefined();
    expect(await born()).toBe(1);
  });

  it.each(['before', 'after'] as const)('delays %s the effect and then answers', async (when) => {
    await addFaults({ kind: 'delay', when, ms: 5 });
    expect((await bench.client.send(creation('one'))).ClusterArn).toBeDefined();
  });

  it('delivers a call twice and shows the first result', async () => {
    await addFaults({ kind: 'duplicate' });
    expect((await bench.client.send(creation('one'))).ClusterArn).toBeDefined();
    expect(await bench.control.journal('CreateCluster')).toMatchObject([{ effects: ['ok', 'ResourceInUse'] }]);
    expect(await born()).toBe(1);
  });

  it('lets a cluster be born long after its connection was reset', async () => {
    await addFaults({ kind: 'late-cluster', afterMs: 30_000 });
    expect(await failureOf(bench.client.send(creation('one')))).toMatchObject({ code: 'ECONNRESET' });
    await bench.control.advance(20_000);
    expect(await failureOf(describeCluster())).toMatchObject({ name: 'ResourceNotFound' });
    await bench.control.advance(10_000);
    expect((await describeCluster()).ClusterStatus).toBe('Creating');
    const [call] = await bench.control.journal('CreateCluster');
    const [cluster] = await bench.control.clusters();
    expect(cluster?.createdByCall).toBe(call?.requestId);
    expect((cluster?.createdAtMs ?? 0) - (call?.receivedAtMs ?? 0)).toBeGreaterThanOrEqual(30_000);
  });
});

describe('fault rules', () => {
  it('meet only the calls they match, as often as they say, after those they skip', async () => {
    await bench.control.addFaults({
      operation: 'DescribeCluster',
      match: { clusterName: /^one$/ },
      skip: 1,
      times: 2,
      fault: { kind: 'throttle' },
    });
    await bench.client.send(creation('one'));
    const { ClusterArn: arn } = await bench.client.send(creation('two'));
    const outcome = (name: string | undefined) =>
      bench.client.send(new DescribeClusterCommand({ ClusterName: name })).then(
        () => 'ok',
        (error: unknown) => (error as Error).name,
      );
    expect(await outcome(arn)).toBe('ok');
    const seen = [await outcome('one'), await outcome('one'), await outcome('one'), await outcome('one')];
    expect(seen).toEqual(['ok', 'ThrottlingException', 'ThrottlingException', 'ok']);
  });

  it('refuse to be nonsense', async () => {
    await expect(
      bench.control.addFaults({ operation: '*', fault: { kind: 'melt' } as unknown as Fault }),
    ).rejects.toThrow(/rules/);
  });

  it('show the SDK’s own retries in the journal', async () => {
    const { url, region, accessKeyId, secretAccessKey } = bench.simulators.sagemaker;
    const retrying = new SageMakerClient({
      endpoint: url,
      region,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 2,
    });
    await bench.control.addFaults({ operation: 'ListClusters', fault: { kind: 'reset' } });
    await retrying.send(new ListClustersCommand({}));
    retrying.destroy();
    const calls = await bench.control.journal('ListClusters');
    expect(calls.map((call) => call.attempt)).toEqual([1, 2]);
    expect(new Set(calls.map((call) => call.invocationId)).size).toBe(1);
  });
});

describe('outcomes of a creation', () => {
  const settled = async (fault: FaultInput) => {
    await addFaults(fault);
    await bench.client.send(creation('one'));
    await bench.control.advance(LONG_MS);
    return describeCluster();
  };

  it('fails for want of capacity', async () => {
    const cluster = await settled({ kind: 'no-capacity' });
    expect(cluster.ClusterStatus).toBe('Failed');
    expect(cluster.FailureMessage).toContain('sufficient capacity');
  });

  it('fails in a lifecycle script', async () => {
    const cluster = await settled({ kind: 'fails' });
    expect(cluster).toMatchObject({ ClusterStatus: 'Failed', InstanceGroups: [{ CurrentCount: 0, Status: 'Failed' }] });
    expect(cluster.FailureMessage).toContain('Lifecycle scripts');
  });

  it('gets a part of the nodes', async () => {
    expect(await settled({ kind: 'partial-capacity', nodes: 1 })).toMatchObject({
      ClusterStatus: 'InService',
      InstanceGroups: [{ CurrentCount: 1, TargetCount: 2, Status: 'Degraded' }],
    });
  });

  it('is slow', async () => {
    expect((await settled({ kind: 'slow', extraMs: LONG_MS })).ClusterStatus).toBe('Creating');
    await bench.control.advance(LONG_MS);
    expect((await describeCluster()).ClusterStatus).toBe('InService');
  });

  it('is never ready', async () => {
    await settled({ kind: 'never-ready' });
    await bench.control.advance(100 * LONG_MS);
    expect((await describeCluster()).ClusterStatus).toBe('Creating');
  });

  it('cannot be deleted to the end', async () => {
    await settled({ kind: 'delete-stuck' });
    await bench.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
    await bench.control.advance(100 * LONG_MS);
    expect((await describeCluster()).ClusterStatus).toBe('Deleting');
    const nodes = await bench.client.send(new ListClusterNodesCommand({ ClusterName: 'one' }));
    expect(nodes.ClusterNodeSummaries?.[0]?.InstanceStatus?.Message).toContain('does not have permission to perform');
  });

  it('vanishes', async () => {
    await addFaults({ kind: 'vanish', afterMs: 1_000 });
    await bench.client.send(creation('one'));
    await bench.control.advance(1_000);
    expect(await failureOf(describeCluster())).toMatchObject({ name: 'ResourceNotFound' });
  });

  it('is kept for a creation that really happens', async () => {
    await addFaults({ kind: 'no-capacity' });
    await addFaults({ kind: 'reset' });
    await failureOf(bench.client.send(creation('one')));
    await bench.client.send(creation('one'));
    await bench.control.advance(LONG_MS);
    expect((await describeCluster()).ClusterStatus).toBe('Failed');
  });
});
