import {
  DeleteHpcClusterRequest,
  DeleteInstancesRequest,
  DescribeHpcClustersRequest,
  DescribeInstanceStatusRequest,
  DescribePriceRequest,
  ListTagResourcesRequest,
  TagResourcesRequest,
} from '@alicloud/ecs20140526';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  container,
  failureOf,
  idsOf,
  instancesOf,
  LONG_MS,
  PLAIN,
  REGION,
  run,
  SCC,
  startBench,
  tagged,
  type Bench,
} from './harness.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const regionId = REGION;
const create = async (name: string) => (await bench.client.createHpcCluster(container(name))).body?.hpcClusterId ?? '';
const containersOf = async (query: Partial<DescribeHpcClustersRequest> = {}) =>
  (await bench.client.describeHpcClusters(new DescribeHpcClustersRequest({ regionId, ...query }))).body;
const deleteContainer = (hpcClusterId: string) =>
  bench.client.deleteHpcCluster(new DeleteHpcClusterRequest({ regionId, hpcClusterId }));
const release = (instanceId: string[], own: Partial<DeleteInstancesRequest> = {}) =>
  bench.client.deleteInstances(new DeleteInstancesRequest({ regionId, instanceId, force: true, ...own }));
const statuses = async () => [...new Set((await instancesOf(bench.client)).map(({ status }) => status))];

describe('the life of a cluster', () => {
  it('goes from an empty container through its instances to nothing', async () => {
    const hpcClusterId = await create('one');
    expect(hpcClusterId).toMatch(/^hpc-[0-9a-z]{17}$/);
    const early = bench.client.runInstances(run({ hpcClusterId, instanceType: SCC }));
    expect(await failureOf(early)).toMatchObject({ code: 'InvalidHpcClusterId.Creating', statusCode: 400 });
    const listed = (await containersOf({ hpcClusterIds: JSON.stringify([hpcClusterId, 'hpc-other']) }))?.hpcClusters;
    expect(listed?.hpcCluster).toMatchObject([{ hpcClusterId, name: 'one', description: '' }]);

    await bench.control.advance(LONG_MS);
    const tag = tagged('muster:key', 'one');
    const call = { hpcClusterId, instanceType: SCC, amount: 2, instanceName: 'one-[7,4]-x', tag };
    const ids = await idsOf(bench.client.runInstances(run(call)));
    expect([...ids].sort()).toEqual(ids);
    expect(await statuses()).toEqual(['Pending']);
    const pending = await instancesOf(bench.client);
    expect(pending.map(({ vpcAttributes }) => vpcAttributes?.privateIpAddress?.ipAddress)).toEqual([[], []]);
    expect(await failureOf(release(ids))).toMatchObject({
      code: 'IncorrectInstanceStatus.Initializing',
      statusCode: 403,
    });

    await bench.control.advance(60_000);
    expect(await statuses()).toEqual(['Starting']);
    await bench.control.advance(LONG_MS);
    const [second, first] = await instancesOf(bench.client, { hpcClusterId });
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
    expect(await bench.control.clusters()).toMatchObject([
      { id: hpcClusterId, name: 'one', status: 'Running', nodes: 2, tags: { 'muster:key': 'one' }, goneAtMs: null },
    ]);

    expect(await failureOf(release(ids, { force: false }))).toMatchObject({ code: 'IncorrectInstanceStatus' });
    await release(ids);
    expect(await statuses()).toEqual(['Stopping']);
    expect(await failureOf(deleteContainer(hpcClusterId))).toMatchObject({
      code: 'NotEmpty.HpcCluster',
      statusCode: 400,
    });
    await bench.control.advance(60_000);
    expect(await instancesOf(bench.client)).toEqual([]);
    expect(await failureOf(release(ids))).toMatchObject({ code: 'InvalidInstanceId.NotFound', statusCode: 404 });
    await deleteContainer(hpcClusterId);
    expect(await failureOf(deleteContainer(hpcClusterId))).toMatchObject({ code: 'NotExists.HpcCluster' });
    expect(await bench.control.clusters()).toMatchObject([{ id: hpcClusterId, status: 'Gone', nodes: 2 }]);
    expect(await bench.control.clusters({ live: true })).toEqual([]);
  });

  it('needs no container for most types, and shows every run as a birth', async () => {
    const tag = tagged('muster:key', 'key-1');
    const once = () => idsOf(bench.client.runInstances(run({ amount: 2, instanceName: 'node', tag })));
    const [first] = await Promise.all([once(), once()]);
    expect(await bench.control.clusters()).toMatchObject([
      { id: first[0], name: 'key-1', nodes: 2, status: 'Pending' },
      { name: 'key-1', nodes: 2 },
    ]);
    await bench.control.advance(LONG_MS);
    await release(first.slice(0, 1));
    await bench.control.advance(LONG_MS);
    expect(await bench.control.clusters({ live: true })).toHaveLength(2);
    await release(first.slice(1));
    await bench.control.advance(LONG_MS);
    expect(await bench.control.clusters({ live: true })).toHaveLength(1);
  });

  it('takes a name as often as asked', async () => {
    expect(await create('same')).not.toBe(await create('same'));
    expect(await bench.control.clusters()).toMatchObject([{ name: 'same' }, { name: 'same' }]);
  });

  it('keeps regions apart', async () => {
    await create('one');
    expect((await containersOf({ regionId: 'ap-southeast-1' }))?.totalCount).toBe(0);
    expect((await containersOf())?.totalCount).toBe(1);
  });

  it('releases all of the instances or none', async () => {
    const ids = await idsOf(bench.client.runInstances(run({ amount: 2 })));
    await bench.control.advance(LONG_MS);
    expect(await failureOf(release([...ids, 'i-other']))).toMatchObject({ code: 'InvalidInstanceId.NotFound' });
    expect(await statuses()).toEqual(['Running']);
    expect(await failureOf(release(ids, { dryRun: true }))).toMatchObject({ code: 'DRYRUN.SUCCESS' });
    expect(await statuses()).toEqual(['Running']);
  });

  it('does not release what is protected', async () => {
    const ids = await idsOf(bench.client.runInstances(run({ deletionProtection: true })));
    await bench.control.advance(LONG_MS);
    const refused = await failureOf(release(ids));
    expect(refused).toMatchObject({ code: 'InvalidOperation.DeletionProtection', statusCode: 403 });
  });
});

describe('a run', () => {
  it.each<[string, Parameters<typeof run>[0], string, number]>([
    ['a type that needs a container', { instanceType: SCC }, 'InvalidHpcClusterId.Necessary', 400],
    ['a container nobody has', { instanceType: SCC, hpcClusterId: 'hpc-x' }, 'InvalidHpcClusterId.NotFound', 400],
    ['a type that takes none', { hpcClusterId: 'hpc-x' }, 'InvalidHpcClusterId.Unnecessary', 400],
    ['what is no type', { instanceType: 'p5.48xlarge' }, 'InvalidInstanceType.ValueNotSupported', 400],
    ['no image', { imageId: '' }, 'MissingParameter', 400],
    ['no security group', { securityGroupId: '' }, 'MissingParameter', 400],
    ['two ways to name groups', { securityGroupIds: ['sg-2'] }, 'InvalidParameter.Conflict', 400],
    ['no switch', { vSwitchId: '' }, 'InvalidVSwitchId.Necessary', 400],
    ['too many instances', { amount: 101 }, 'InvalidMaxAmount.Malformed', 400],
    ['a minimum above the amount', { amount: 1, minAmount: 2 }, 'InvalidMinAmount.Malformed', 400],
    ['a name too long', { instanceName: 'a'.repeat(129) }, 'InvalidInstanceName.Malformed', 400],
    ['a tag of the service’s own', { tag: tagged('acs:x', 'v') }, 'InvalidTagKey.Malformed', 400],
    ['payment in advance', { instanceChargeType: 'PrePaid' }, 'InvalidPayMethod', 403],
    ['a dry run that passes', { dryRun: true }, 'DryRunOperation', 400],
  ])('is refused for %s', async (_what, own, code, statusCode) => {
    expect(await failureOf(bench.client.runInstances(run(own)))).toMatchObject({ code, statusCode });
    expect(await bench.control.clusters()).toEqual([]);
  });

  it('counts names up, with a suffix or without', async () => {
    const named = async (own: Parameters<typeof run>[0]) => {
      const ids = await idsOf(bench.client.runInstances(run({ amount: 2, ...own })));
      const all = await instancesOf(bench.client, { instanceIds: JSON.stringify(ids) });
      return all.map(({ instanceName }) => instanceName).reverse();
    };
    expect(await named({ instanceName: 'node[9,]' })).toEqual(['node9', 'node10']);
    expect(await named({ instanceName: 'node', uniqueSuffix: true })).toEqual(['node001', 'node002']);
    expect(await named({ instanceName: 'node' })).toEqual(['node', 'node']);
  });
});

describe('the control API', () => {
  it('seeds strangers with a container where their type needs one', async () => {
    const plain = await bench.control.seedCluster({ region: REGION, name: 'plain', tags: { a: 'b' }, nodes: 2 });
    expect(plain).toMatchObject({ name: 'plain', tags: { a: 'b' }, nodes: 2, status: 'Running', createdByCall: null });
    await bench.control.seedCluster({ region: REGION, name: 'scc', instanceType: SCC });
    await bench.control.seedCluster({ region: REGION, name: 'empty', nodes: 0 });
    expect((await containersOf())?.hpcClusters?.hpcCluster?.map(({ name }) => name)).toEqual(['empty', 'scc']);
    expect(await instancesOf(bench.client, { instanceName: 'pl*n' })).toHaveLength(2);
  });

  it('makes a container creating again, until it is told otherwise', async () => {
    const { id: hpcClusterId } = await bench.control.seedCluster({ region: REGION, name: 'one', nodes: 0 });
    const attempt = () => bench.client.runInstances(run({ hpcClusterId, instanceType: SCC }));
    await bench.control.setStatus({ region: REGION, name: 'one', status: 'Creating' });
    expect((await failureOf(attempt())).code).toBe('InvalidHpcClusterId.Creating');
    await bench.control.setStatus({ region: REGION, name: 'one', status: 'Created' });
    await attempt();
  });

  it('holds statuses, also those nobody knows, and takes clusters away', async () => {
    await bench.client.runInstances(run({ instanceName: 'one' }));
    await bench.control.setStatus({ region: REGION, name: 'one', status: 'Hibernating' });
    expect(await statuses()).toEqual(['Hibernating']);
    await bench.control.setRunningNodes({ region: REGION, name: 'one', nodes: 0 });
    expect(await statuses()).toEqual(['Stopped']);
    await bench.control.vanish({ region: REGION, name: 'one' });
    expect(await instancesOf(bench.client)).toEqual([]);
    await expect(bench.control.vanish({ region: REGION, name: 'one' })).rejects.toThrow('There is no cluster one');
  });
});

it('tags instances after their birth, and prices them before it', async () => {
  const ids = await idsOf(bench.client.runInstances(run()));
  const resource = { regionId, resourceType: 'instance', resourceId: ids };
  await bench.client.tagResources(new TagResourcesRequest({ ...resource, tag: tagged('k', 'v w') }));
  const tags = await bench.client.listTagResources(new ListTagResourcesRequest(resource));
  expect(tags.body?.tagResources?.tagResource).toMatchObject([{ resourceId: ids[0], tagKey: 'k', tagValue: 'v w' }]);

  const price = (instanceType: string, amount: number) =>
    bench.client.describePrice(
      new DescribePriceRequest({ regionId, instanceType, amount, priceUnit: 'Hour', period: 1 }),
    );
  const told = (await price(PLAIN, 3)).body?.priceInfo?.price;
  expect(told).toMatchObject({ currency: 'CNY', originalPrice: 27.6, tradePrice: 27.6 });
  expect(await failureOf(price('large', 1))).toMatchObject({ code: 'InvalidInstanceType.ValueNotSupported' });
});

it('tells statuses of a hundred ids in two pages', async () => {
  const ids = await idsOf(bench.client.runInstances(run({ amount: 100 })));
  const page = async (pageNumber: number) =>
    (
      await bench.client.describeInstanceStatus(
        new DescribeInstanceStatusRequest({ regionId, instanceId: ids, pageNumber, pageSize: 50 }),
      )
    ).body?.instanceStatuses?.instanceStatus?.map(({ instanceId }) => instanceId) ?? [];
  expect(new Set([...(await page(1)), ...(await page(2))]).size).toBe(100);
  const tooLarge = new DescribeInstanceStatusRequest({ regionId, instanceId: ids, pageSize: 51 });
  expect(await failureOf(bench.client.describeInstanceStatus(tooLarge))).toMatchObject({ code: 'InvalidParameter' });
});
