import {
  DeleteClusterCommand,
  DescribeClusterCommand,
  ListClusterNodesCommand,
  ListClustersCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault, FaultRuleInput } from '../../../simulators/index.ts';
import { creation, failureOf, LONG_MS, startFixture, type Fixture } from './harness.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

type FaultInput = FaultRuleInput['fault'];
const addFaults = (fault: FaultInput) => fixture.control.addFaults({ operation: 'CreateCluster', fault });
const describeCluster = () => fixture.client.send(new DescribeClusterCommand({ ClusterName: 'one' }));
const created = async () => (await fixture.control.clusters()).length;

/** How the SDK reports each fault, and how many clusters there are after it. */
const REPORTS: readonly { fault: FaultInput; name: string; status?: number; code?: string; created: number }[] = [
  { fault: { kind: 'error', type: 'InternalFailure', status: 500 }, name: 'InternalFailure', status: 500, created: 0 },
  {
    fault: { kind: 'error', when: 'after', type: 'AccessDeniedException' },
    name: 'AccessDeniedException',
    status: 400,
    created: 1,
  },
  { fault: { kind: 'throttle' }, name: 'ThrottlingException', status: 400, created: 0 },
  {
    fault: { kind: 'throttle', status: 429, retryAfterSeconds: 2 },
    name: 'ThrottlingException',
    status: 429,
    created: 0,
  },
  { fault: { kind: 'reset' }, name: 'TimeoutError', code: 'ECONNRESET', created: 0 },
  { fault: { kind: 'reset', when: 'after' }, name: 'TimeoutError', code: 'ECONNRESET', created: 1 },
  { fault: { kind: 'hang', forMs: 1 }, name: 'TimeoutError', code: 'ECONNRESET', created: 0 },
  { fault: { kind: 'hang', when: 'after', forMs: 1 }, name: 'TimeoutError', code: 'ECONNRESET', created: 1 },
  { fault: { kind: 'truncate' }, name: 'SyntaxError', status: 200, created: 1 },
  { fault: { kind: 'html' }, name: 'SyntaxError', status: 503, created: 0 },
  { fault: { kind: 'html', when: 'after', status: 502 }, name: 'SyntaxError', status: 502, created: 1 },
];

describe('a fault on the way', () => {
  it.each(REPORTS)(
    '$fault.kind $fault.when is reported by the SDK as $name',
    async ({ fault, created: expected, ...report }) => {
      await addFaults(fault);
      expect(await failureOf(fixture.client.send(creation('one')))).toMatchObject(report);
      expect(await created()).toBe(expected);
      expect(await fixture.control.faults()).toEqual([]);
      const [call] = await fixture.control.journal('CreateCluster');
      expect(call).toMatchObject({ fault: fault.kind, effects: expected === 1 ? ['ok'] : [], authOk: true });
    },
  );

  it('leaves a call without an answer until its caller gives up', async () => {
    await addFaults({ kind: 'hang', when: 'after' });
    const abort = new AbortController();
    const call = failureOf(fixture.client.send(creation('one'), { abortSignal: abort.signal }));
    await expect.poll(() => fixture.control.journal('CreateCluster')).toMatchObject([{ replyStatus: null }]);
    abort.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    expect(await created()).toBe(1);
  });

  it('ends when the simulator closes', async () => {
    await addFaults({ kind: 'hang' });
    const call = failureOf(fixture.client.send(creation('one')));
    await expect.poll(() => fixture.control.journal('CreateCluster')).toHaveLength(1);
    await fixture.simulator.close();
    expect(await call).toMatchObject({ code: 'ECONNRESET' });
  });

  it('answers with an empty object after the effect', async () => {
    await addFaults({ kind: 'empty' });
    expect((await fixture.client.send(creation('one'))).ClusterArn).toBeUndefined();
    expect(await created()).toBe(1);
  });

  it.each(['before', 'after'] as const)('delays the answer %s the effect', async (when) => {
    await addFaults({ kind: 'delay', when, ms: 5 });
    expect((await fixture.client.send(creation('one'))).ClusterArn).toBeDefined();
  });

  it('carries a call out twice and answers with the first result', async () => {
    await addFaults({ kind: 'duplicate' });
    expect((await fixture.client.send(creation('one'))).ClusterArn).toBeDefined();
    expect(await fixture.control.journal('CreateCluster')).toMatchObject([{ effects: ['ok', 'ResourceInUse'] }]);
    expect(await created()).toBe(1);
  });

  it('creates a cluster long after the connection was reset', async () => {
    await addFaults({ kind: 'late-cluster', afterMs: 30_000 });
    expect(await failureOf(fixture.client.send(creation('one')))).toMatchObject({ code: 'ECONNRESET' });
    await fixture.control.advance(20_000);
    expect(await failureOf(describeCluster())).toMatchObject({ name: 'ResourceNotFound' });
    await fixture.control.advance(10_000);
    expect((await describeCluster()).ClusterStatus).toBe('Creating');
    const [call] = await fixture.control.journal('CreateCluster');
    const [cluster] = await fixture.control.clusters();
    expect(cluster?.createdByCall).toBe(call?.requestId);
    expect((cluster?.createdAtMs ?? 0) - (call?.receivedAtMs ?? 0)).toBeGreaterThanOrEqual(30_000);
  });
});

describe('a fault rule', () => {
  it('applies only to calls that match, after those that it skips, as often as it says', async () => {
    await fixture.control.addFaults({
      operation: 'DescribeCluster',
      match: { clusterName: /^one$/ },
      skip: 1,
      times: 2,
      fault: { kind: 'throttle' },
    });
    await fixture.client.send(creation('one'));
    const { ClusterArn: arn } = await fixture.client.send(creation('two'));
    const outcome = (name: string | undefined) =>
      fixture.client.send(new DescribeClusterCommand({ ClusterName: name })).then(
        () => 'ok',
        (error: unknown) => (error as Error).name,
      );
    expect(await outcome(arn)).toBe('ok');
    const seen = [await outcome('one'), await outcome('one'), await outcome('one'), await outcome('one')];
    expect(seen).toEqual(['ok', 'ThrottlingException', 'ThrottlingException', 'ok']);
  });

  it('is refused when it makes no sense', async () => {
    await expect(
      fixture.control.addFaults({ operation: '*', fault: { kind: 'melt' } as unknown as Fault }),
    ).rejects.toThrow(/rules/);
  });

  it('leaves the SDK’s own retries to be seen in the journal', async () => {
    const { url, region, accessKeyId, secretAccessKey } = fixture.simulator;
    const retrying = new SageMakerClient({
      endpoint: url,
      region,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 2,
    });
    await fixture.control.addFaults({ operation: 'ListClusters', fault: { kind: 'reset' } });
    await retrying.send(new ListClustersCommand({}));
    retrying.destroy();
    const calls = await fixture.control.journal('ListClusters');
    expect(calls.map((call) => call.attempt)).toEqual([1, 2]);
    expect(new Set(calls.map((call) => call.invocationId)).size).toBe(1);
  });
});

describe('a fault of a cluster', () => {
  const afterAnHour = async (fault: FaultInput) => {
    await addFaults(fault);
    await fixture.client.send(creation('one'));
    await fixture.control.advance(LONG_MS);
    return describeCluster();
  };

  it('makes its creation fail without capacity', async () => {
    const cluster = await afterAnHour({ kind: 'no-capacity' });
    expect(cluster.ClusterStatus).toBe('Failed');
    expect(cluster.FailureMessage).toContain('sufficient capacity');
  });

  it('makes its creation fail in a lifecycle script', async () => {
    const cluster = await afterAnHour({ kind: 'fails' });
    expect(cluster).toMatchObject({ ClusterStatus: 'Failed', InstanceGroups: [{ CurrentCount: 0, Status: 'Failed' }] });
    expect(cluster.FailureMessage).toContain('Lifecycle scripts');
  });

  it('gives it a part of the nodes', async () => {
    expect(await afterAnHour({ kind: 'partial-capacity', nodes: 1 })).toMatchObject({
      ClusterStatus: 'InService',
      InstanceGroups: [{ CurrentCount: 1, TargetCount: 2, Status: 'Degraded' }],
    });
  });

  it('slows its creation down', async () => {
    expect((await afterAnHour({ kind: 'slow', extraMs: LONG_MS })).ClusterStatus).toBe('Creating');
    await fixture.control.advance(LONG_MS);
    expect((await describeCluster()).ClusterStatus).toBe('InService');
  });

  it('keeps it from ever being ready', async () => {
    await afterAnHour({ kind: 'never-ready' });
    await fixture.control.advance(100 * LONG_MS);
    expect((await describeCluster()).ClusterStatus).toBe('Creating');
  });

  it('keeps its deletion from ending', async () => {
    await afterAnHour({ kind: 'delete-stuck' });
    await fixture.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
    await fixture.control.advance(100 * LONG_MS);
    expect((await describeCluster()).ClusterStatus).toBe('Deleting');
    const nodes = await fixture.client.send(new ListClusterNodesCommand({ ClusterName: 'one' }));
    expect(nodes.ClusterNodeSummaries?.[0]?.InstanceStatus?.Message).toContain('does not have permission to perform');
  });

  it('makes it vanish', async () => {
    await addFaults({ kind: 'vanish', afterMs: 1_000 });
    await fixture.client.send(creation('one'));
    await fixture.control.advance(1_000);
    expect(await failureOf(describeCluster())).toMatchObject({ name: 'ResourceNotFound' });
  });

  it('is not used up by a call that creates nothing', async () => {
    await addFaults({ kind: 'no-capacity' });
    await addFaults({ kind: 'reset' });
    await failureOf(fixture.client.send(creation('one')));
    await fixture.client.send(creation('one'));
    await fixture.control.advance(LONG_MS);
    expect((await describeCluster()).ClusterStatus).toBe('Failed');
  });
});
