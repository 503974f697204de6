import { z } from 'zod';
import type { Operation } from './context.ts';
import { statusAt } from './life.ts';
import { pageByNumber } from './paging.ts';
import { regionOf } from './regions.ts';
import { integer, parseParameters } from './validation.ts';

const DescribeInstanceStatusInput = z.object({
  InstanceId: z.array(z.string()).min(1).max(100).optional(),
  PageNumber: integer('InvalidParameter', { min: 1, max: 999_999_999 }).default(1),
  // Half of what it takes ids: a hundred of them fill two pages.
  PageSize: integer('InvalidParameter', { min: 1, max: 50 }).default(10),
});

/** A page of statuses, of all instances or of those asked for; ids that nobody has are left out. */
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
