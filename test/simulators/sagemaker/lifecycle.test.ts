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
import { creation, failureOf, LONG_MS, ROLE, startFixture, type Fixture } from './harness.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const MINUTE_MS = 60_000;
const describeCluster = (name: string) => fixture.client.send(new DescribeClusterCommand({ ClusterName: name }));
const statusOf = async (name: string) => (await describeCluster(name)).ClusterStatus;

describe('a cluster', () => {
  it('goes from Creating through InService to gone', async () => {
    const { ClusterArn: arn = '' } = await fixture.client.send(creation('one'));
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

    await fixture.control.advance(LONG_MS);
    const ready = await describeCluster(arn);
    expect(ready.ClusterStatus).toBe('InService');
    expect(ready.InstanceGroups?.[0]).toMatchObject({ CurrentCount: 2, TargetCount: 2, Status: 'InService' });

    await fixture.client.send(new DeleteClusterCommand({ ClusterName: arn }));
    expect(await statusOf('one')).toBe('Deleting');
    await fixture.control.advance(LONG_MS);
    expect(await failureOf(describeCluster('one'))).toMatchObject({ name: 'ResourceNotFound', status: 400 });
    expect(await fixture.control.clusters()).toMatchObject([{ id: arn, status: 'Gone', tags: { request: 'one' } }]);
    expect(await fixture.control.clusters({ live: true })).toEqual([]);
  });

  it('has nodes that go from Pending to Running, and have addresses only then', async () => {
    await fixture.client.send(creation('one'));
    const nodes = async () =>
      (await fixture.client.send(new ListClusterNodesCommand({ ClusterName: 'one' }))).ClusterNodeSummaries ?? [];
    expect(await nodes()).toEqual([]);

    await fixture.control.advance(5 * MINUTE_MS);
    const pending = await nodes();
    expect(pending.map((node) => node.InstanceStatus?.Status)).toEqual(['Pending', 'Pending']);
    expect(pending[0]?.PrivateDnsHostname).toBeUndefined();

    await fixture.control.advance(LONG_MS);
    const running = await nodes();
    expect(running.map((node) => node.InstanceId)).toEqual(pending.map((node) => node.InstanceId));
    const id = running[0]?.InstanceId ?? '';
    expect(id).toMatch(/^i-[a-f0-9]{17}$/);
    const { NodeDetails: node } = await fixture.client.send(
      new DescribeClusterNodeCommand({ ClusterName: 'one', NodeId: id }),
    );
    expect(node?.InstanceStatus?.Status).toBe('Running');
    expect(node?.PrivatePrimaryIp).toMatch(/^10\.\d+\.\d+\.\d+$/);
    expect(node?.PrivateDnsHostname).toBe(
      `ip-${(node?.PrivatePrimaryIp ?? '').replaceAll('.', '-')}.us-west-2.compute.internal`,
    );
  });

  it('keeps its name until its deletion has ended; the next of that name has a new ARN', async () => {
    const first = await fixture.client.send(creation('one'));
    expect(await failureOf(fixture.client.send(creation('one')))).toMatchObject({ name: 'ResourceInUse', status: 400 });
    await fixture.control.advance(LONG_MS);
    await fixture.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
    expect(await failureOf(fixture.client.send(creation('one')))).toMatchObject({ name: 'ResourceInUse' });
    await fixture.control.advance(LONG_MS);
    const second = await fixture.client.send(creation('one'));
    expect(second.ClusterArn).not.toBe(first.ClusterArn);
    expect(await failureOf(describeCluster(first.ClusterArn ?? ''))).toMatchObject({ name: 'ResourceNotFound' });
  });

  it('cannot be deleted while it is creating, rolling back or updating', async () => {
    await fixture.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'no-capacity' } });
    await fixture.client.send(creation('one'));
    const deletion = () => fixture.client.send(new DeleteClusterCommand({ ClusterName: 'one' }));
    expect(await failureOf(deletion())).toMatchObject({ name: 'ConflictException' });
    await fixture.control.advance(8 * MINUTE_MS);
    expect(await statusOf('one')).toBe('RollingBack');
    expect(await failureOf(deletion())).toMatchObject({ name: 'ConflictException' });
    await fixture.control.advance(LONG_MS);
    expect(await statusOf('one')).toBe('Failed');
    await deletion();
    for (const status of ['Updating', 'SystemUpdating']) {
      await fixture.control.seedCluster({ region: 'us-west-2', name: status, status });
      const refused = fixture.client.send(new DeleteClusterCommand({ ClusterName: status }));
      expect(await failureOf(refused)).toMatchObject({ name: 'ConflictException' });
    }
  });

  it('loses nodes and gets them back when the control API says so', async () => {
    await fixture.client.send(creation('one'));
    await fixture.control.advance(LONG_MS);
    const groups = async () =>
      (await fixture.client.send(new DescribeClusterCommand({ ClusterName: 'one' }))).InstanceGroups;
    const one = { region: 'us-west-2', name: 'one' };
    await fixture.control.setRunningNodes({ ...one, nodes: 1 });
    expect(await groups()).toMatchObject([{ CurrentCount: 1, TargetCount: 2, Status: 'Degraded' }]);
    await fixture.control.setRunningNodes({ ...one, nodes: 2 });
    expect(await groups()).toMatchObject([{ CurrentCount: 2, Status: 'InService' }]);
    await expect(fixture.control.setRunningNodes({ ...one, name: 'two', nodes: 1 })).rejects.toThrow(
      'There is no cluster two',
    );
  });

  it('exists in its region only', async () => {
    await fixture.client.send(creation('one'));
    const other = fixture.clientOf({ region: 'eu-central-1' });
    expect((await other.send(new ListClustersCommand({}))).ClusterSummaries).toEqual([]);
    expect((await other.send(creation('one'))).ClusterArn).toContain(':eu-central-1:');
  });

  it('has tags that are listed and added by ARN', async () => {
    const { ClusterArn: arn } = await fixture.client.send(creation('one'));
    await fixture.client.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: 'team', Value: 'a b' }] }));
    const tags = await fixture.client.send(new ListTagsCommand({ ResourceArn: arn }));
    expect(tags.Tags).toEqual([
      { Key: 'request', Value: 'one' },
      { Key: 'team', Value: 'a b' },
    ]);
    const none = fixture.client.send(new ListTagsCommand({ ResourceArn: `${arn?.slice(0, -12) ?? ''}abcdefghij00` }));
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

  it('rolls a creation back when there are fewer nodes than requested', async () => {
    await fixture.control.setCapacity({ region: 'us-west-2', instanceType: 'ml.p5.48xlarge', nodes: 3 });
    await fixture.client.send(creation('fits'));
    await fixture.client.send(creation('too-big'));
    await fixture.control.advance(LONG_MS);
    expect(await statusOf('fits')).toBe('InService');
    expect(await describeCluster('too-big')).toMatchObject({
      ClusterStatus: 'Failed',
      FailureMessage:
        'We currently do not have sufficient capacity for the requested instance type(s). Please try again.',
    });
  });

  it('is enough with the minimum of a group, which is then Degraded', async () => {
    await fixture.control.setCapacity({ instanceType: 'ml.p5.48xlarge', nodes: 3 });
    await fixture.client.send(creation('some', { InstanceGroups: [group(4, 2)] }));
    await fixture.control.advance(LONG_MS);
    expect(await describeCluster('some')).toMatchObject({
      ClusterStatus: 'InService',
      InstanceGroups: [{ CurrentCount: 3, TargetCount: 4, MinCount: 2, Status: 'Degraded' }],
    });
  });

  it('fails after three hours below the minimum of a group', async () => {
    await fixture.control.setCapacity({ instanceType: 'ml.p5.48xlarge', nodes: 1 });
    await fixture.client.send(creation('never', { InstanceGroups: [group(4, 2)] }));
    await fixture.control.advance(2 * LONG_MS);
    expect(await statusOf('never')).toBe('Creating');
    await fixture.control.advance(2 * LONG_MS);
    expect(await statusOf('never')).toBe('Failed');
  });

  it('does not hold up a continuous cluster, which is in service before its nodes run', async () => {
    const eks = { Eks: { ClusterArn: 'arn:aws:eks:us-west-2:123456789012:cluster/k' } };
    await fixture.client.send(creation('flow', { NodeProvisioningMode: 'Continuous', Orchestrator: eks }));
    await fixture.control.advance(4 * MINUTE_MS);
    expect(await describeCluster('flow')).toMatchObject({
      ClusterStatus: 'InService',
      Orchestrator: eks,
      InstanceGroups: [{ CurrentCount: 0, TargetCount: 2 }],
    });
    await fixture.control.advance(LONG_MS);
    expect(await describeCluster('flow')).toMatchObject({ InstanceGroups: [{ CurrentCount: 2 }] });
  });

  it('has quotas, which count the nodes of all clusters', async () => {
    await fixture.control.setQuota({ instanceType: 'ml.p5.48xlarge', nodes: 3 });
    await fixture.client.send(creation('one'));
    const refused = await failureOf(fixture.client.send(creation('two')));
    expect(refused.name).toBe('ResourceLimitExceeded');
    expect(refused.message).toContain(
      "'ml.p5.48xlarge for cluster usage' is 3 Instances, with current utilization of 2 Instances",
    );
    await fixture.control.setQuota({ instanceType: 'ml.p5.48xlarge', nodes: null });
    await fixture.client.send(creation('two'));
  });
});
