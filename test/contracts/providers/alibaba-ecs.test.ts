import { describe, expect, it } from 'vitest';
import { AlibabaEcsPlacement, alibabaEcs } from '../../../contracts/providers/alibaba-ecs.ts';

const NODES = {
  ...{
    instanceType: 'ecs.gn7i-c8g1.2xlarge',
    count: 2,
    imageId: 'ubuntu',
    securityGroupId: 'sg-1',
    vSwitchId: 'vsw-1',
  },
  systemDisk: { category: 'cloud_essd', sizeGB: 100 },
};

const parsed = (nodes: object, more: object = {}) =>
  AlibabaEcsPlacement.safeParse({
    ...{ provider: 'alibaba-ecs', region: 'cn-hangzhou', spec: { nodes: { ...NODES, ...nodes }, ...more } },
  });

const tagged = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, nth) => [`t${nth}`, '']));

describe('a placement', () => {
  it.each([
    ['no security group', { securityGroupId: undefined }, 'give either securityGroupId or securityGroupIds'],
    ['both kinds of security groups', { securityGroupIds: ['sg-2'] }, 'and not both'],
    ['more nodes than a search finds', { count: 1_001 }, '<=1000'],
    ['a minimum above the count', { minCount: 3 }, 'must not be greater than count'],
    ['too small a disk', { systemDisk: { category: 'cloud_ssd', sizeGB: 5 } }, 'must be 20 to 2048 for cloud_ssd'],
    ['too many tags', { tags: tagged(18) }, 'three of the 20 are ours'],
    ['a tag of ours', { tags: { 'muster:key': 'x' } }, 'must not begin with aliyun, acs: or muster:'],
    ['user data', { userData: 'aGk=' }, 'Unrecognized key'],
    ['another form of type', { instanceType: 'p5.48xlarge' }, 'must be an instance type such as'],
  ])('with %s is refused', (_what, nodes, message) => {
    expect(parsed(nodes).error?.message).toContain(message);
  });

  it('describes only a container', () => {
    expect(parsed({}, { description: 'of mine' }).error?.message).toContain('take no HPC cluster');
    expect(parsed({ instanceType: 'ecs.scchfc6.20xlarge' }, { description: 'of mine' }).success).toBe(true);
  });

  it('without nodes costs nothing and is a container alone', () => {
    const placement = AlibabaEcsPlacement.parse({ provider: 'alibaba-ecs', region: 'cn-hangzhou', spec: {} });
    expect(alibabaEcs.units(placement)).toEqual([]);
    expect(alibabaEcs.resolveCall(placement, 'r')).toMatchObject({ hpc: { Name: '{{key}}' }, runs: [], minNodes: 0 });
  });

  it.each([
    [
      { count: 250 },
      [
        [100, undefined],
        [100, undefined],
        [50, undefined],
      ],
    ],
    [
      { count: 250, minCount: 120 },
      [
        [100, undefined],
        [100, 20],
        [50, 1],
      ],
    ],
    [{ count: 2, minCount: 1 }, [[2, 1]]],
  ])('of %o asks for all in calls of a hundred', (counts, shares) => {
    const placement = AlibabaEcsPlacement.parse(parsed(counts).data);
    const { runs } = alibabaEcs.resolveCall(placement, 'r') as unknown as { runs: Record<string, unknown>[] };
    expect(runs.map(({ Amount, MinAmount }) => [Amount, MinAmount])).toEqual(shares);
    expect(runs.map(({ ClientToken }) => ClientToken)).toEqual(runs.map((_run, nth) => `{{key}}-r${nth + 1}`));
  });
});
