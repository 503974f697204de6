import { z } from 'zod';
import type { Operation } from './context.ts';
import { statusAt } from './status.ts';
import { pageByNumber } from './paging.ts';
import { regionOf } from './regions.ts';
import { integer, parseParameters } from './validation.ts';

const DescribeInstanceStatusInput = z.object({
  InstanceId: z.array(z.string()).min(1).max(100).optional(),
  PageNumber: integer('InvalidParameter', { min: 1, max: 999_999_999 }).default(1),
  // Half as many as the ids that a call may name: a hundred ids fill two pages.
  PageSize: integer('InvalidParameter', { min: 1, max: 50 }).default(10),
});

/** A page of the statuses of all instances, or of those with the given ids; unknown ids are left out. */
export const describeInstanceStatus: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters);
  const { InstanceId: ids, PageNumber, PageSize } = parseParameters(DescribeInstanceStatusInput, parameters);
  const found = account
    .instances(region, nowMs)
    .filter(({ run, instance }) =>
      ids === undefined ? nowMs >= run.visibleToListAtMs : ids.includes(instance.id) && nowMs >= run.visibleToGetAtMs,
    );
  const InstanceStatus = pageByNumber(found.reverse(), PageNumber, PageSize).map(({ instance }) => ({
    InstanceId: instance.id,
    Status: statusAt(instance, nowMs),
  }));
  return { InstanceStatuses: { InstanceStatus }, TotalCount: found.length, PageNumber, PageSize };
};
