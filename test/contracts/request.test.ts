import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseRequest, type ProvisioningRequestInput } from '../../contracts/request.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { anInstanceGroup, aPlacement, aRequest } from '../builders/request.ts';

const GROUP = anInstanceGroup({ instanceType: 'ml.p5.48xlarge' });

/** A valid request, with fields of its first group, its spec or itself replaced. */
const request = ({
  group = {},
  spec = {},
  more = {},
}: { group?: object; spec?: object; more?: object } = {}): unknown => {
  const placements = [aPlacement('us-west-2', { instanceGroups: [{ ...GROUP, ...group }], ...spec })];
  return aRequest('r-1', [], { placements, durationMs: undefined, ...more });
};

const faultsOf = (input: unknown): string[] => {
  const parsed = parseRequest(input);
  return 'faults' in parsed ? parsed.faults.map(({ path: at }) => at) : [];
};

const G = 'placements[0].spec.instanceGroups[0]';
const S = 'placements[0].spec';

describe('a request', () => {
  it('gets its defaults', () => {
    const parsed = parseRequest(request());
    expect(parsed).toMatchObject({
      request: { readyTimeoutMs: 4_200_000, policies: { whenExhausted: 'fail', onDeadline: 'next' } },
    });
  });

  it.each(readdirSync(path.join(projectRoot(), 'examples')))('in examples/%s is valid', (file) => {
    expect(
      faultsOf(parse(readFileSync(path.join(projectRoot(), 'examples', file), 'utf8')) as ProvisioningRequestInput),
    ).toEqual([]);
  });

  it('gets all its faults at once, each with its path', () => {
    const input = {
      requestId: 'Not Valid',
      team: '',
      placements: [
        {
          provider: 'sagemaker',
          region: 'moon',
          spec: {
            instanceGroups: [
              GROUP,
              { ...GROUP, instanceGroupName: 'b' },
              { ...GROUP, instanceGroupName: 'c', instanceCount: 0 },
            ],
          },
        },
      ],
      surprise: true,
    };
    expect(faultsOf(input).sort()).toEqual([
      'placements[0].region',
      'placements[0].spec.instanceGroups[2].instanceCount',
      'requestId',
      'surprise',
      'team',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['too many nodes', request({ group: { instanceCount: 6759 } }), `${G}.instanceCount`],
    ['half a node', request({ group: { instanceCount: 1.5 } }), `${G}.instanceCount`],
    ['a name with an underscore', request({ group: { instanceGroupName: 'a_b' } }), `${G}.instanceGroupName`],
    ['a name that ends with a hyphen', request({ group: { instanceGroupName: 'a-' } }), `${G}.instanceGroupName`],
    ['a name of 64 characters', request({ group: { instanceGroupName: 'a'.repeat(64) } }), `${G}.instanceGroupName`],
    ['a role that is not an ARN', request({ group: { executionRole: 'hyperpod-role-for-us' } }), `${G}.executionRole`],
    ['a type that does not exist', request({ group: { instanceType: 'ml.p99.48xlarge' } }), `${G}.instanceType`],
    ['no type', request({ group: { instanceType: undefined } }), `${G}.instanceType`],
    ['a type and a choice of types', request({ group: { instanceTypes: ['ml.g5.xlarge'] } }), `${G}.instanceType`],
    [
      '21 types',
      request({ group: { instanceType: undefined, instanceTypes: Array(21).fill('ml.g5.xlarge') } }),
      `${G}.instanceTypes`,
    ],
    ['a minimum above the count', request({ group: { minInstanceCount: 3 } }), `${G}.minInstanceCount`],
    ['three threads a core', request({ group: { threadsPerCore: 3 } }), `${G}.threadsPerCore`],
    [
      'a script outside S3',
      request({ group: { lifeCycleConfig: { sourceS3Uri: 'bucket', onCreate: 'x' } } }),
      `${G}.lifeCycleConfig.sourceS3Uri`,
    ],
    [
      'a script name of 129 characters',
      request({ group: { lifeCycleConfig: { sourceS3Uri: 's3://b/x', onCreate: 'x'.repeat(129) } } }),
      `${G}.lifeCycleConfig.onCreate`,
    ],
    ['a volume of 0 GB', request({ group: { volumeSizeInGB: 0 } }), `${G}.volumeSizeInGB`],
    [
      'an unknown health check',
      request({ group: { onStartDeepHealthChecks: ['Dance'] } }),
      `${G}.onStartDeepHealthChecks[0]`,
    ],
    ['an unknown field of a group', request({ group: { gpus: 8 } }), `${G}.gpus`],
    ['no groups', request({ spec: { instanceGroups: [] } }), `${S}.instanceGroups`],
    [
      'two groups with the same name',
      request({ spec: { instanceGroups: [GROUP, GROUP] } }),
      `${S}.instanceGroups[1].instanceGroupName`,
    ],
    [
      'six security groups',
      request({ spec: { vpcConfig: { securityGroupIds: Array(6).fill('sg-1'), subnets: ['subnet-1'] } } }),
      `${S}.vpcConfig.securityGroupIds`,
    ],
    [
      '17 subnets',
      request({ spec: { vpcConfig: { securityGroupIds: ['sg-1'], subnets: Array(17).fill('subnet-1') } } }),
      `${S}.vpcConfig.subnets`,
    ],
    ['a tag of Muster itself', request({ spec: { tags: { 'muster:key': 'x' } } }), `${S}.tags.muster:key`],
    ['a tag with a bad character', request({ spec: { tags: { a: 'what?' } } }), `${S}.tags.a`],
    [
      '49 tags',
      request({ spec: { tags: Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`t${i}`, 'x'])) } }),
      `${S}.tags`,
    ],
    [
      'continuous provisioning without EKS',
      request({ spec: { nodeProvisioningMode: 'Continuous' } }),
      `${S}.nodeProvisioningMode`,
    ],
    ['no placements', request({ more: { placements: [] } }), 'placements'],
    [
      'eleven placements',
      request({ more: { placements: Array(11).fill((request() as { placements: unknown[] }).placements[0]) } }),
      'placements',
    ],
    [
      'a provider that does not exist',
      request({ more: { placements: [{ provider: 'garage', region: 'x', spec: {} }] } }),
      'placements[0].provider',
    ],
    ['a deadline of a second', request({ more: { readyTimeoutMs: 1_000 } }), 'readyTimeoutMs'],
    ['a lease of two years', request({ more: { durationMs: 2 * 365 * 86_400_000 } }), 'durationMs'],
    ['a policy that does not exist', request({ more: { policies: { onDeadline: 'shrug' } } }), 'policies.onDeadline'],
    ['a text instead of an object', 'please', 'request'],
  ])('with %s is refused at that path', (_, input, at) => {
    expect(faultsOf(input)).toContain(at);
  });
});
