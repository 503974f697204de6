import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { structureOf } from '../../../simulators/alibaba-ecs/parameters.ts';
import { REGION, startFixture, type Fixture } from './harness.ts';
import { jsonReply, type RawCall } from './raw-call.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());

const HERE = { RegionId: REGION };
const raw = (call: RawCall) => jsonReply(fixture.simulator, call);

describe('parameters', () => {
  it('are flattened lists and structures', () => {
    const flat = { 'Tag.2.Key': 'b', 'Tag.10.Key': 'c', 'Tag.1.Key': 'a', 'SystemDisk.Size': '40', RegionId: 'x' };
    expect(structureOf(flat)).toEqual({
      Tag: [{ Key: 'a' }, { Key: 'b' }, { Key: 'c' }],
      SystemDisk: { Size: '40' },
      RegionId: 'x',
    });
  });

  it('may be a form in the body', async () => {
    const created = await raw({ action: 'CreateHpcCluster', form: { ...HERE, Name: 'by form' } });
    expect(created.body).toMatchObject({ Code: 'InvalidHpcClusterName.Malformed' });
    const again = await raw({ action: 'CreateHpcCluster', form: { ...HERE, Name: 'by-form' } });
    expect(again.body).toMatchObject({ HpcClusterId: expect.stringMatching(/^hpc-/) as unknown });
  });

  it('may hold True with a capital letter, as the vendor’s Python client sends it', async () => {
    const release = { ...HERE, 'InstanceId.1': 'i-other', DryRun: 'True' };
    expect((await raw({ action: 'DeleteInstances', parameters: release })).body).toMatchObject({
      Code: 'DRYRUN.SUCCESS',
    });
    const wrong = { ...release, DryRun: 'yes' };
    expect((await raw({ action: 'DeleteInstances', parameters: wrong })).body).toMatchObject({
      Code: 'InvalidParameter',
    });
  });

  const create = (parameters: Record<string, string>) => ({ action: 'CreateHpcCluster', parameters });
  it.each<[string, RawCall, number, string]>([
    ['no region', create({ Name: 'one' }), 400, 'MissingParameter'],
    ['a wrong region', create({ RegionId: 'US_EAST', Name: 'one' }), 404, 'InvalidRegionId.NotFound'],
    ['no name', create(HERE), 400, 'MissingParameter'],
    ['an empty name', create({ ...HERE, Name: '' }), 400, 'MissingParameter'],
    ['a name of one letter', create({ ...HERE, Name: 'a' }), 400, 'InvalidHpcClusterName.Malformed'],
    ['a name that starts with a digit', create({ ...HERE, Name: '1st' }), 400, 'InvalidHpcClusterName.Malformed'],
    ['a name like a link', create({ ...HERE, Name: 'http://x' }), 400, 'InvalidHpcClusterName.Malformed'],
    [
      'a description of one letter',
      create({ ...HERE, Name: 'one', Description: 'x' }),
      400,
      'InvalidHpcClusterDescription.Malformed',
    ],
    [
      'a token that is too long',
      create({ ...HERE, Name: 'one', ClientToken: 'x'.repeat(65) }),
      400,
      'InvalidClientToken.ValueNotSupported',
    ],
    ['no container', { action: 'DeleteHpcCluster', parameters: HERE }, 400, 'MissingParameter.HpcClusterId'],
    ['a page that is too large', { parameters: { ...HERE, PageSize: '101' } }, 400, 'Invalid.Parameter'],
    [
      'ids that are not JSON',
      { parameters: { ...HERE, HpcClusterIds: 'hpc-1' } },
      400,
      'InvalidHpcClusterIds.Malformed',
    ],
    [
      'too many ids',
      { parameters: { ...HERE, HpcClusterIds: JSON.stringify(Array.from({ length: 101 }, String)) } },
      400,
      'InvalidHpcClusterIds.ExceedLimit',
    ],
    [
      'a filter that is not simulated',
      { action: 'DescribeInstances', parameters: { ...HERE, VpcId: 'vpc-1' } },
      400,
      'UnsupportedParameter',
    ],
  ])('with %s get its code', async (_what, call, status, code) => {
    expect(await raw(call)).toMatchObject({ status, body: { Code: code } });
  });
});

describe('replies', () => {
  it('have the shape of the service', async () => {
    const good = await raw({ parameters: HERE });
    expect(good.headers.get('content-type')).toBe('application/json;charset=utf-8');
    expect(good.body).toMatchObject({ RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/) as unknown });
    const { body } = await raw({ action: 'CreateHpcCluster', parameters: HERE });
    expect(Object.keys(body)).toEqual(['RequestId', 'HostId', 'Code', 'Message', 'Recommend']);
    expect(body).toMatchObject({
      HostId: 'ecs.cn-hangzhou.aliyuncs.com',
      Message: 'The input parameter Name that is mandatory for processing this request is not supplied.',
    });
  });
});
