import {
  AddTagsCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  DescribeClusterNodeCommand,
  ListClusterNodesCommand,
  ListClustersCommand,
  ListTagsCommand,
} from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { creation, failureOf, LONG_MS, ROLE, startBench, type Bench } from './harness.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const MINUTE_MS = 60_000;
const describeCluster = (name: string) => bench.client.send(new DescribeClusterCommand({ ClusterName: name }));
const statusOf = async (name: string) => (await describeCluster(name)).ClusterStatus;

describe('the life of a cluster', () => {
  it('goes from Creating through InService to gone', async () => {
    const { ClusterArn: arn = '' } = await bench.client.send(creation('one'));
    expect(arn).toMatch(/^arn:aws:sagemaker:us-west-2:123456789012:cluster\/[a-z0-9]{12}$/);

    const creating = await describeCluster('one');
    expect(creating).toMatchObject({
      ClusterArn: arn,
      ClusterName: 'one',
      ClusterStatus: 'Creating',
      FailureMessage: '',
    });
    expect(creating.CreationTime).toBeInstanceOf(Date);
    expect(creating.InstanceGroups?.[0]).toMatchObject({ CurrentCount: 0, TargetCount: 2, Status: 'Creating' });

    await bench.control.advance(LONG_MS);
    const ready = await describeCluster(arn);
    expect(ready.ClusterStatus).toBe('InService');
    expect(ready.InstanceGroups?.[0]).toMatchObject({ CurrentCount: 2, TargetCount: 2, Status: 'InService' });

    await bench.client.send(new DeleteClusterCommand({ ClusterName: arn }));
    expect(await statusOf('one')).toBe('Deleting');
    await bench.control.advance(LONG_MS);
    expect(await failureOf(describeCluster('one'))).toMatchObject({ name: 'ResourceNotFound', status: 400 });
    expect(await bench.control.clusters()).toMatchObject([{ id: arn, status: 'Gone', tags: { request: 'one' } }]);
    expect(await bench.control.clusters({ live: true })).toEqual([]);
  });

  it('brings nodes from Pending to Running, and only then gives them addresses', async () => {
    await bench.client.send(creation('one'));
    const nodes = async () =>
      (await bench.client.send(new ListClusterNodesCommand({ ClusterName: 'one' }))).ClusterNodeSummaries ?? [];
    expect(await nodes()).toEqual([]);

    await bench.control.advance(5 * MINUTE_MS);
    const pending = await nodes();
    expect(pending.map((node) => node.InstanceStatus?.Status)).toEqual(['Pending', 'Pending']);
    expect(pending[0]?.PrivateDnsHostname).toBeUndefined();

    await bench.control.advance(LONG_MS);
    const running = await nodes();
    expect(running.map((node) => node.InstanceId)).toEqual(pending.map((node) => node.InstanceId));
    const id = running[0]?.InstanceId ?? '';
    expect(id).toMatch(/^i-[a-f0-9]{17}$/);
    const { NodeDetails: node } = await bench.client.send(
      new DescribeClusterNodeCommand({ ClusterName: 'one', NodeId: id }),
    );
    expect(node?.InstanceStatus?.Status).toBe('Running');
    expect(node?.PrivatePrimaryIp).toMatch(/^10\.\d+\.\d+\.\d+$/);
    expect(node?.PrivateDnsHostname).toBe(
      `ip-${(node?.PrivatePrimaryIp ?? '').replaceAll('.', '-')}.us-west-2.compute.internal`,
    );
  });

  it('holds the name until the deletion has ended, and gives the next incarnation a new ARN', async () => {
    const first = await bench.client.send(creation('one'));
    expect(await failureOf(bench.client.send(creation('one')))).toMatchObject({ name: 'ResourceInUse', status: 400 });
    await bench.control.advance(LONG_MS);
    await bench.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
    expect(await failureOf(bench.client.send(creation('one')))).toMatchObject({ name: 'ResourceInUse' });
    await bench.control.advance(LONG_MS);
    const second = await bench.client.send(creation('one'));
    expect(second.ClusterArn).not.toBe(first.ClusterArn);
    expect(await failureOf(describeCluster(first.ClusterArn ?? ''))).toMatchObject({ name: 'ResourceNotFound' });
  });

  it('refuses a deletion until the cluster has settled', async () => {
    await bench.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'no-capacity' } });
    await bench.client.send(creation('one'));
    const deletion = () => bench.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
    expect(await failureOf(deletion())).toMatchObject({ name: 'ConflictException' });
    await bench.control.advance(8 * MINUTE_MS);
    expect(await statusOf('one')).toBe('RollingBack');
    expect(await failureOf(deletion())).toMatchObject({ name: 'ConflictException' });
    await bench.control.advance(LONG_MS);
    expect(await statusOf('one')).toBe('Failed');
    await deletion();
    for (const status of ['Updating', 'SystemUpdating']) {
      await bench.control.seedCluster({ region: 'us-west-2', name: status, status });
      const refused = bench.client.send(new DeleteClusterCommand({ ClusterName: status }));
      expect(await failureOf(refused)).toMatchObject({ name: 'ConflictException' });
    }
  });

  it('loses nodes and gets them back, when it is told to', async () => {
    await bench.client.send(creation('one'));
    await bench.control.advance(LONG_MS);
    const groups = async () =>
      (await bench.client.send(new DescribeClusterCommand({ ClusterName: 'one' }))).InstanceGroups;
    const one = { region: 'us-west-2', name: 'one' };
    await bench.control.setRunningNodes({ ...one, nodes: 1 });
    expect(await groups()).toMatchObject([{ CurrentCount: 1, TargetCount: 2, Status: 'Degraded' }]);
    await bench.control.setRunningNodes({ ...one, nodes: 2 });
    expect(await groups()).toMatchObject([{ CurrentCount: 2, Status: 'InService' }]);
    await expect(bench.control.setRunningNodes({ ...one, name: 'two', nodes: 1 })).rejects.toThrow(
      'There is no cluster two',
    );
  });

  it('keeps regions apart', async () => {
    await bench.client.send(creation('one'));
    const other = bench.clientOf({ region: 'eu-central-1' });
    expect((await other.send(new ListClustersCommand({}))).ClusterSummaries).toEqual([]);
    expect((await other.send(creation('one'))).ClusterArn).toContain(':eu-central-1:');
  });

  it('lists and adds tags by ARN', async () => {
    const { ClusterArn: arn } = await bench.client.send(creation('one'));
    await bench.client.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: 'team', Value: 'a b' }] }));
    const tags = await bench.client.send(new ListTagsCommand({ ResourceArn: arn }));
    expect(tags.Tags).toEqual([
      { Key: 'request', Value: 'one' },
      { Key: 'team', Value: 'a b' },
    ]);
    const none = bench.client.send(new ListTagsCommand({ ResourceArn: `${arn?.slice(0, -12) ?? ''}abcdefghij00` }));
    expect(await failureOf(none)).toMatchObject({ name: 'ValidationException' });
  });
});

describe('capacity', () => {
  const group = (count: number, min?: number) => ({
    InstanceGroupName: 'workers',
    InstanceType: 'ml.p5.48xlarge' as const,
    InstanceCount: count,
    ExecutionRole: ROLE,
    ...(min === undefined ? {} : { MinInstanceCount: min }),
  });

  it('rolls a creation back when there is less than asked for', async () => {
    await bench.control.setCapacity({ region: 'us-west-2', instanceType: 'ml.p5.48xlarge', nodes: 3 });
    await bench.client.send(creation('fits'));
    await bench.client.send(creation('too-big'));
    await bench.control.advance(LONG_MS);
    expect(await statusOf('fits')).toBe('InService');
    expect(await describeCluster('too-big')).toMatchObject({
      ClusterStatus: 'Failed',
      FailureMessage:
        'We currently do not have sufficient capacity for the requested instance type(s). Please try again.',
    });
  });

  it('settles for the minimum of a group, and calls it Degraded', async () => {
    await bench.control.setCapacity({ instanceType: 'ml.p5.48xlarge', nodes: 3 });
    await bench.client.send(creation('some', { InstanceGroups: [group(4, 2)] }));
    await bench.control.advance(LONG_MS);
    expect(await describeCluster('some')).toMatchObject({
      ClusterStatus: 'InService',
      InstanceGroups: [{ CurrentCount: 3, TargetCount: 4, MinCount: 2, Status: 'Degraded' }],
    });
  });

  it('waits three hours for a minimum that does not come', async () => {
    await bench.control.setCapacity({ instanceType: 'ml.p5.48xlarge', nodes: 1 });
    await bench.client.send(creation('never', { InstanceGroups: [group(4, 2)] }));
    await bench.control.advance(2 * LONG_MS);
    expect(await statusOf('never')).toBe('Creating');
    await bench.control.advance(2 * LONG_MS);
    expect(await statusOf('never')).toBe('Failed');
  });

  it('puts a continuous cluster in service while its nodes still come', async () => {
    const eks = { Eks: { ClusterArn: 'arn:aws:eks:us-west-2:123456789012:cluster/k' } };
    await bench.client.send(creation('flow', { NodeProvisioningMode: 'Continuous', Orchestrator: eks }));
    await bench.control.advance(4 * MINUTE_MS);
    expect(await describeCluster('flow')).toMatchObject({
      ClusterStatus: 'InService',
      Orchestrator: eks,
      InstanceGroups: [{ CurrentCount: 0, TargetCount: 2 }],
    });
    await bench.control.advance(LONG_MS);
    expect(await describeCluster('flow')).toMatchObject({ InstanceGroups: [{ CurrentCount: 2 }] });
  });

  it('refuses what goes over a quota, counting what is held', async () => {
    await bench.control.setQuota({ instanceType: 'ml.p5.48xlarge', nodes: 3 });
    await bench.client.send(creation('one'));
    const refused = await failureOf(bench.client.send(creation('two')));
    expect(refused.name).toBe('ResourceLimitExceeded');
    expect(refused.message).toContain(
      "'ml.p5.48xlarge for cluster usage' is 3 Instances, with current utilization of 2 Instances",
    );
    await bench.control.setQuota({ instanceType: 'ml.p5.48xlarge', nodes: null });
    await bench.client.send(creation('two'));
  });
});
