import { z } from 'zod';
import { pageOf } from '../core/paging.ts';
import type { InstanceOfRun } from './account.ts';
import type { Operation } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { hpcClusterNotFound } from './errors.ts';
import { instanceDetails } from './instance-details.ts';
import { statusAt } from './status.ts';
import { pageByNumber } from './paging.ts';
import type { Parameters } from './parameters.ts';
import { regionOf } from './regions.ts';
import { Flag, integer, jsonTexts, parseParameters, Tags } from './validation.ts';

const MAX_IDS = 100;
const MIN_RESULTS = 10;
const MAX_RESULTS = 100;

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

/** Parameters that do not filter. */
const NOT_FILTERS =
  /^(RegionId|Action|Version|AdditionalAttributes|OwnerAccount|OwnerId|ResourceOwner(Account|Id)|Format)$/;

/** A page of the instances that match, newest first; unknown ids are left out. */
export const describeInstances: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters);
  refuseOtherFilters(parameters);
  const { NextToken, MaxResults, PageNumber, PageSize, ...query } = parseParameters(DescribeInstancesInput, parameters);
  if ((query.InstanceIds?.length ?? 0) > MAX_IDS) {
    throw new Refusal('InvalidParameter', 'The specified parameter InstanceIds is not valid.');
  }
  if (query.DryRun) throw new Refusal('DryRunOperation', 'Request validation has been passed with DryRun flag set.');
  const { HpcClusterId: container } = query;
  if (container !== undefined && !account.containers(region, nowMs).some(({ id }) => id === container)) {
    throw hpcClusterNotFound();
  }
  const found = account
    .instances(region, nowMs)
    .filter((member) => matches(member, query, parameters, nowMs))
    .sort((a, b) => b.instance.number - a.instance.number);
  const detailed = (members: readonly InstanceOfRun[]) => ({
    Instances: { Instance: members.map((member) => instanceDetails(member, nowMs)) },
  });
  if (NextToken === undefined && MaxResults === undefined) {
    const page = pageByNumber(found, PageNumber, PageSize);
    return { ...detailed(page), TotalCount: found.length, PageNumber, PageSize, NextToken: '' };
  }
  // The service does not refuse a number out of bounds: it takes the nearest bound.
  const limit = Math.min(MAX_RESULTS, Math.max(MIN_RESULTS, MaxResults ?? MIN_RESULTS));
  const page = pageOf({
    items: found,
    keyOf: ({ instance }) => [instance.number],
    descending: true,
    limit,
    nextToken: NextToken,
    query,
    invalidToken: () => new Refusal('InvalidParameter', 'The specified parameter NextToken is not valid.'),
  });
  // With tokens "the returned TotalCount parameter value is meaningless" by the documentation: so no caller may use it.
  const counts = { TotalCount: 0, PageNumber: 1, PageSize: limit };
  return { ...detailed(page.items), ...counts, NextToken: page.nextToken ?? '' };
};

/** Refuses filters that are not simulated: without them the answer would hold more than the caller wants. */
function refuseOtherFilters(parameters: Parameters): void {
  const known = new Set(Object.keys(DescribeInstancesInput.shape));
  const other = Object.keys(parameters)
    .map((name) => name.replace(/\..*/, ''))
    .find((name) => !known.has(name) && !NOT_FILTERS.test(name));
  if (other !== undefined) throw new Refusal('UnsupportedParameter', `The simulator does not filter by ${other}.`);
}

function matches(
  { run, instance }: InstanceOfRun,
  query: Omit<DescribeInstancesInput, 'NextToken' | 'MaxResults' | 'PageNumber' | 'PageSize'>,
  parameters: Parameters,
  nowMs: number,
): boolean {
  if (nowMs < (query.InstanceIds === undefined ? run.visibleToListAtMs : run.visibleToGetAtMs)) return false;
  return (
    query.InstanceIds?.includes(instance.id) !== false &&
    matchesFilter(query.HpcClusterId, run.hpcClusterId) &&
    matchesFilter(query.InstanceType, run.instanceType) &&
    matchesFilter(query.Status, statusAt(instance, nowMs)) &&
    (query.InstanceName === undefined || wildcard(query.InstanceName).test(instance.name)) &&
    query.Tag.every((tag, index) => {
      const anyValue = parameters[`Tag.${index + 1}.Value`] === undefined;
      const value = instance.tags[tag.Key];
      return value !== undefined && (anyValue || value === tag.Value);
    })
  );
}

function matchesFilter(wanted: string | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted === value;
}

/** A pattern in which only `*` is special. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}
