import {
  DescribeInstanceStatusRequest,
  DescribePriceRequest,
  ListTagResourcesRequest,
  TagResourcesRequest,
} from '@alicloud/ecs20140526';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  failureOf,
  idsOf,
  instancesOf,
  PLAIN,
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

describe('a run', () => {
  it.each<[string, Parameters<typeof run>[0], string, number]>([
    ['a type that needs a container', { instanceType: SCC }, 'InvalidHpcClusterId.Necessary', 400],
    ['an unknown container', { instanceType: SCC, hpcClusterId: 'hpc-x' }, 'InvalidHpcClusterId.NotFound', 400],
    ['a type that accepts no container', { hpcClusterId: 'hpc-x' }, 'InvalidHpcClusterId.Unnecessary', 400],
    ['a wrong type', { instanceType: 'p5.48xlarge' }, 'InvalidInstanceType.ValueNotSupported', 400],
    ['no image', { imageId: '' }, 'MissingParameter', 400],
    ['no security group', { securityGroupId: '' }, 'MissingParameter', 400],
    ['two ways to name groups', { securityGroupIds: ['sg-2'] }, 'InvalidParameter.Conflict', 400],
    ['no switch', { vSwitchId: '' }, 'InvalidVSwitchId.Necessary', 400],
    ['too many instances', { amount: 101 }, 'InvalidMaxAmount.Malformed', 400],
    ['a minimum above the amount', { amount: 1, minAmount: 2 }, 'InvalidMinAmount.Malformed', 400],
    ['a name that is too long', { instanceName: 'a'.repeat(129) }, 'InvalidInstanceName.Malformed', 400],
    ['a reserved tag', { tag: tagged('acs:x', 'v') }, 'InvalidTagKey.Malformed', 400],
    ['payment in advance', { instanceChargeType: 'PrePaid' }, 'InvalidPayMethod', 403],
    ['a dry run that passes', { dryRun: true }, 'DryRunOperation', 400],
  ])('is refused for %s', async (_what, own, code, statusCode) => {
    expect(await failureOf(fixture.client.runInstances(run(own)))).toMatchObject({ code, statusCode });
    expect(await fixture.control.clusters()).toEqual([]);
  });

  it('numbers its names where they ask for it', async () => {
    const named = async (own: Parameters<typeof run>[0]) => {
      const ids = await idsOf(fixture.client.runInstances(run({ amount: 2, ...own })));
      const all = await instancesOf(fixture.client, { instanceIds: JSON.stringify(ids) });
      return all.map(({ instanceName }) => instanceName).reverse();
    };
    expect(await named({ instanceName: 'node[9,]' })).toEqual(['node9', 'node10']);
    expect(await named({ instanceName: 'node', uniqueSuffix: true })).toEqual(['node001', 'node002']);
    expect(await named({ instanceName: 'node' })).toEqual(['node', 'node']);
  });
});

it('instances have tags that can be added, and types have prices', async () => {
  const ids = await idsOf(fixture.client.runInstances(run()));
  const resource = { regionId, resourceType: 'instance', resourceId: ids };
  await fixture.client.tagResources(new TagResourcesRequest({ ...resource, tag: tagged('k', 'v w') }));
  const tags = await fixture.client.listTagResources(new ListTagResourcesRequest(resource));
  expect(tags.body?.tagResources?.tagResource).toMatchObject([{ resourceId: ids[0], tagKey: 'k', tagValue: 'v w' }]);

  const price = (instanceType: string, amount: number) =>
    fixture.client.describePrice(
      new DescribePriceRequest({ regionId, instanceType, amount, priceUnit: 'Hour', period: 1 }),
    );
  const quoted = (await price(PLAIN, 3)).body?.priceInfo?.price;
  expect(quoted).toMatchObject({ currency: 'CNY', originalPrice: 27.6, tradePrice: 27.6 });
  expect(await failureOf(price('large', 1))).toMatchObject({ code: 'InvalidInstanceType.ValueNotSupported' });
});

it('the statuses of a hundred ids are two pages', async () => {
  const ids = await idsOf(fixture.client.runInstances(run({ amount: 100 })));
  const page = async (pageNumber: number) =>
    (
      await fixture.client.describeInstanceStatus(
        new DescribeInstanceStatusRequest({ regionId, instanceId: ids, pageNumber, pageSize: 50 }),
      )
    ).body?.instanceStatuses?.instanceStatus?.map(({ instanceId }) => instanceId) ?? [];
  expect(new Set([...(await page(1)), ...(await page(2))]).size).toBe(100);
  const tooLarge = new DescribeInstanceStatusRequest({ regionId, instanceId: ids, pageSize: 51 });
  expect(await failureOf(fixture.client.describeInstanceStatus(tooLarge))).toMatchObject({ code: 'InvalidParameter' });
});
