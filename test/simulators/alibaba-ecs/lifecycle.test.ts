import { DeleteHpcClusterRequest, DeleteInstancesRequest, DescribeHpcClustersRequest } from '@alicloud/ecs20140526';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  container,
  failureOf,
  idsOf,
  instancesOf,
  LONG_MS,
  REGION,
  run,
  SCC,
  startFixture,
  tagged,
  type Fixture,
} from './harness.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const regionId = REGION;
const create = async (name: string) =>
  (await fixture.client.createHpcCluster(container(name))).body?.hpcClusterId ?? '';
const containersOf = async (query: Partial<DescribeHpcClustersRequest> = {}) =>
  (await fixture.client.describeHpcClusters(new DescribeHpcClustersRequest({ regionId, ...query }))).body;
const deleteContainer = (hpcClusterId: string) =>
  fixture.client.deleteHpcCluster(new DeleteHpcClusterRequest({ regionId, hpcClusterId }));
const release = (instanceId: string[], own: Partial<DeleteInstancesRequest> = {}) =>
  fixture.client.deleteInstances(new DeleteInstancesRequest({ regionId, instanceId, force: true, ...own }));
const statuses = async () => [...new Set((await instancesOf(fixture.client)).map(({ status }) => status))];

describe('a cluster', () => {
  it('is an empty container, then runs instances, and is deleted empty', async () => {
    const hpcClusterId = await create('one');
    expect(hpcClusterId).toMatch(/^hpc-[0-9a-z]{17}$/);
    const early = fixture.client.runInstances(run({ hpcClusterId, instanceType: SCC }));
    expect(await failureOf(early)).toMatchObject({ code: 'InvalidHpcClusterId.Creating', statusCode: 400 });
    const listed = (await containersOf({ hpcClusterIds: JSON.stringify([hpcClusterId, 'hpc-other']) }))?.hpcClusters;
    expect(listed?.hpcCluster).toMatchObject([{ hpcClusterId, name: 'one', description: '' }]);

    await fixture.control.advance(LONG_MS);
    const tag = tagged('muster:key', 'one');
    const call = { hpcClusterId, instanceType: SCC, amount: 2, instanceName: 'one-[7,4]-x', tag };
    const ids = await idsOf(fixture.client.runInstances(run(call)));
    expect([...ids].sort()).toEqual(ids);
    expect(await statuses()).toEqual(['Pending']);
    const pending = await instancesOf(fixture.client);
    expect(pending.map(({ vpcAttributes }) => vpcAttributes?.privateIpAddress?.ipAddress)).toEqual([[], []]);
    expect(await failureOf(release(ids))).toMatchObject({
      code: 'IncorrectInstanceStatus.Initializing',
      statusCode: 403,
    });

    await fixture.control.advance(60_000);
    expect(await statuses()).toEqual(['Starting']);
    await fixture.control.advance(LONG_MS);
    const [second, first] = await instancesOf(fixture.client, { hpcClusterId });
    expect(first).toMatchObject({
      instanceId: ids[0],
      instanceName: 'one-0007-x',
      status: 'Running',
      hpcClusterId,
      creationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/) as unknown,
      tags: { tag: [{ tagKey: 'muster:key', tagValue: 'one' }] },
      vpcAttributes: { privateIpAddress: { ipAddress: [expect.stringMatching(/^10\./) as unknown] } },
    });
    expect(second?.instanceName).toBe('one-0008-x');
    expect(await fixture.control.clusters()).toMatchObject([
      { id: hpcClusterId, name: 'one', status: 'Running', nodes: 2, tags: { 'muster:key': 'one' }, goneAtMs: null },
    ]);

    expect(await failureOf(release(ids, { force: false }))).toMatchObject({ code: 'IncorrectInstanceStatus' });
    await release(ids);
    expect(await statuses()).toEqual(['Stopping']);
    expect(await failureOf(deleteContainer(hpcClusterId))).toMatchObject({
      code: 'NotEmpty.HpcCluster',
      statusCode: 400,
    });
    await fixture.control.advance(60_000);
    expect(await instancesOf(fixture.client)).toEqual([]);
    expect(await failureOf(release(ids))).toMatchObject({ code: 'InvalidInstanceId.NotFound', statusCode: 404 });
    await deleteContainer(hpcClusterId);
    expect(await failureOf(deleteContainer(hpcClusterId))).toMatchObject({ code: 'NotExists.HpcCluster' });
    expect(await fixture.control.clusters()).toMatchObject([{ id: hpcClusterId, status: 'Gone', nodes: 2 }]);
    expect(await fixture.control.clusters({ live: true })).toEqual([]);
  });

  it('needs no container for most types: then each run is a cluster', async () => {
    const tag = tagged('muster:key', 'key-1');
    const once = () => idsOf(fixture.client.runInstances(run({ amount: 2, instanceName: 'node', tag })));
    const [first] = await Promise.all([once(), once()]);
    expect(await fixture.control.clusters()).toMatchObject([
      { id: first[0], name: 'key-1', nodes: 2, status: 'Pending' },
      { name: 'key-1', nodes: 2 },
    ]);
    await fixture.control.advance(LONG_MS);
    await release(first.slice(0, 1));
    await fixture.control.advance(LONG_MS);
    expect(await fixture.control.clusters({ live: true })).toHaveLength(2);
    await release(first.slice(1));
    await fixture.control.advance(LONG_MS);
    expect(await fixture.control.clusters({ live: true })).toHaveLength(1);
  });

  it('can have the same name as another', async () => {
    expect(await create('same')).not.toBe(await create('same'));
    expect(await fixture.control.clusters()).toMatchObject([{ name: 'same' }, { name: 'same' }]);
  });

  it('exists in its region only', async () => {
    await create('one');
    expect((await containersOf({ regionId: 'ap-southeast-1' }))?.totalCount).toBe(0);
    expect((await containersOf())?.totalCount).toBe(1);
  });

  it('is released with all of the named instances or none', async () => {
    const ids = await idsOf(fixture.client.runInstances(run({ amount: 2 })));
    await fixture.control.advance(LONG_MS);
    expect(await failureOf(release([...ids, 'i-other']))).toMatchObject({ code: 'InvalidInstanceId.NotFound' });
    expect(await statuses()).toEqual(['Running']);
    expect(await failureOf(release(ids, { dryRun: true }))).toMatchObject({ code: 'DRYRUN.SUCCESS' });
    expect(await statuses()).toEqual(['Running']);
  });

  it('is not released while it is protected', async () => {
    const ids = await idsOf(fixture.client.runInstances(run({ deletionProtection: true })));
    await fixture.control.advance(LONG_MS);
    const refused = await failureOf(release(ids));
    expect(refused).toMatchObject({ code: 'InvalidOperation.DeletionProtection', statusCode: 403 });
  });
});

describe('the control API', () => {
  it('seeds clusters with a container where their type needs one', async () => {
    const plain = await fixture.control.seedCluster({ region: REGION, name: 'plain', tags: { a: 'b' }, nodes: 2 });
    expect(plain).toMatchObject({ name: 'plain', tags: { a: 'b' }, nodes: 2, status: 'Running', createdByCall: null });
    await fixture.control.seedCluster({ region: REGION, name: 'scc', instanceType: SCC });
    await fixture.control.seedCluster({ region: REGION, name: 'empty', nodes: 0 });
    expect((await containersOf())?.hpcClusters?.hpcCluster?.map(({ name }) => name)).toEqual(['empty', 'scc']);
    expect(await instancesOf(fixture.client, { instanceName: 'pl*n' })).toHaveLength(2);
  });

  it('makes a container refuse instances as creating, and accept them again', async () => {
    const { id: hpcClusterId } = await fixture.control.seedCluster({ region: REGION, name: 'one', nodes: 0 });
    const attempt = () => fixture.client.runInstances(run({ hpcClusterId, instanceType: SCC }));
    await fixture.control.setStatus({ region: REGION, name: 'one', status: 'Creating' });
    expect((await failureOf(attempt())).code).toBe('InvalidHpcClusterId.Creating');
    await fixture.control.setStatus({ region: REGION, name: 'one', status: 'Created' });
    await attempt();
  });

  it('sets any status, and stops nodes', async () => {
    await fixture.client.runInstances(run({ instanceName: 'one' }));
    await fixture.control.setStatus({ region: REGION, name: 'one', status: 'Hibernating' });
    expect(await statuses()).toEqual(['Hibernating']);
    await fixture.control.setRunningNodes({ region: REGION, name: 'one', nodes: 0 });
    expect(await statuses()).toEqual(['Stopped']);
    await fixture.control.vanish({ region: REGION, name: 'one' });
    expect(await instancesOf(fixture.client)).toEqual([]);
  });
});
