import { z } from 'zod';
import type { Member } from './account.ts';
import type { Operation } from './context.ts';
import { EcsError, hpcClusterNotFound } from './errors.ts';
import { instanceDetails } from './instance-details.ts';
import { statusAt } from './life.ts';
import { pageByNumber, pageByToken } from './paging.ts';
import type { Parameters } from './parameters.ts';
import { regionOf } from './regions.ts';
import { Flag, integer, jsonTexts, parseParameters, Tags } from './validation.ts';

const MAX_IDS = 100;
const LEAST_RESULTS = 10;
const MOST_RESULTS = 100;

const DescribeInstancesInput = z.object({
  InstanceIds: jsonTexts('InvalidParameter').optional(),
  HpcClusterId: z.string().optional(),
  InstanceName: z.string().optional(),
  InstanceType: z.string().optional(),
  Status: z.enum(['Pending', 'Running', 'Starting', 'Stopping', 'Stopped'], 'InvalidStatus.Malformed').optional(),
  Tag: Tags.default([]),
  DryRun: Flag.default(false),
  NextToken: z.string().optional(),
  MaxResults: integer('InvalidParameter', { min: 0, max: 999_999_999 }).optional(),
  PageNumber: integer('InvalidParameter', { min: 1, max: 999_999_999 }).default(1),
  PageSize: integer('InvalidParameter', { min: 1, max: 100 }).default(10),
});
type DescribeInstancesInput = z.infer<typeof DescribeInstancesInput>;

/** Parameters that narrow nothing down. */
const NO_FILTERS =
  /^(RegionId|Action|Version|AdditionalAttributes|OwnerAccount|OwnerId|ResourceOwner(Account|Id)|Format)$/;

/** A page of the instances that match, newest first; ids that nobody has are left out. */
export const describeInstances: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters);
  refuseOtherFilters(parameters);
  const { NextToken, MaxResults, PageNumber, PageSize, ...query } = parseParameters(DescribeInstancesInput, parameters);
  if ((query.InstanceIds?.length ?? 0) > MAX_IDS) {
    throw new EcsError('InvalidParameter', 'The specified parameter InstanceIds is not valid.');
  }
  if (query.DryRun) throw new EcsError('DryRunOperation', 'Request validation has been passed with DryRun flag set.');
  const { HpcClusterId: container } = query;
  if (container !== undefined && !account.containers(region, nowMs).some(({ id }) => id === container)) {
    throw hpcClusterNotFound();
  }
  const found = account
    .instances(region, nowMs)
    .filter((member) => matches(member, query, parameters, nowMs))
    .sort((a, b) => b.instance.nth - a.instance.nth);
  const detailed = (members: readonly Member[]) => ({
    Instances: { Instance: members.map((member) => instanceDetails(member, nowMs)) },
  });
  if (NextToken === undefined && MaxResults === undefined) {
    const page = pageByNumber(found, PageNumber, PageSize);
    return { ...detailed(page), TotalCount: found.length, PageNumber, PageSize, NextToken: '' };
  }
  // Out of bounds is not refused but brought back into them.
  const limit = Math.min(MOST_RESULTS, Math.max(LEAST_RESULTS, MaxResults ?? LEAST_RESULTS));
  const page = pageByToken({ items: found, nthOf: nthOfMember, limit, nextToken: NextToken, query });
  // With tokens "the returned TotalCount parameter value is meaningless", and nobody should come to rely on it.
  return { ...detailed(page.items), TotalCount: 0, PageNumber: 1, PageSize: limit, NextToken: page.nextToken };
};

/** A filter that is silently left out would show more than was asked for. */
function refuseOtherFilters(parameters: Parameters): void {
  const known = new Set(Object.keys(DescribeInstancesInput.shape));
  const other = Object.keys(parameters)
    .map((name) => name.replace(/\..*/, ''))
    .find((name) => !known.has(name) && !NO_FILTERS.test(name));
  if (other !== undefined) throw new EcsError('UnsupportedParameter', `The simulator does not filter by ${other}.`);
}

function matches(
  { run, instance }: Member,
  query: Omit<DescribeInstancesInput, 'NextToken' | 'MaxResults' | 'PageNumber' | 'PageSize'>,
  parameters: Parameters,
  nowMs: number,
): boolean {
  if (nowMs < (query.InstanceIds === undefined ? run.visibleToListAtMs : run.visibleToGetAtMs)) return false;
  return (
    query.InstanceIds?.includes(instance.id) !== false &&
    isOr(query.HpcClusterId, run.hpcClusterId) &&
    isOr(query.InstanceType, run.instanceType) &&
    isOr(query.Status, statusAt(instance, nowMs)) &&
    (query.InstanceName === undefined || wildcard(query.InstanceName).test(instance.name)) &&
    query.Tag.every((tag, index) => {
      const anyValue = parameters[`Tag.${index + 1}.Value`] === undefined;
      const value = instance.tags[tag.Key];
      return value !== undefined && (anyValue || value === tag.Value);
    })
  );
}

function isOr(wanted: string | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted === value;
}

/** Only `*` is special. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}

function nthOfMember({ instance }: Member): number {
  return instance.nth;
}
