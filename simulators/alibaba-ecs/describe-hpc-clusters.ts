import { z } from 'zod';
import type { Operation } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { pageByNumber } from './paging.ts';
import { regionOf } from './regions.ts';
import { integer, jsonTexts, parseParameters } from './validation.ts';

const MAX_IDS = 100;

const DescribeHpcClustersInput = z.object({
  HpcClusterIds: jsonTexts('InvalidHpcClusterIds.Malformed').optional(),
  PageNumber: integer('Invalid.Parameter', { min: 1, max: 999_999_999 }).default(1),
  PageSize: integer('Invalid.Parameter', { min: 1, max: 100 }).default(10),
});

/**
 * A page of the region's containers, or of those with the given ids; unknown ids are left out. There is no filter by
 * name, and the answer holds neither status nor times nor tags.
 */
export const describeHpcClusters: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters, 'MissingParameter.RegionId');
  const { HpcClusterIds: ids, PageNumber, PageSize } = parseParameters(DescribeHpcClustersInput, parameters);
  if ((ids?.length ?? 0) > MAX_IDS) {
    throw new Refusal(
      'InvalidHpcClusterIds.ExceedLimit',
      'The amount of specified specified hpc cluster ids exceeds the limit.',
    );
  }
  const found = account
    .containers(region, nowMs)
    .filter((cluster) =>
      ids === undefined
        ? nowMs >= cluster.visibleToListAtMs
        : ids.includes(cluster.id) && nowMs >= cluster.visibleToGetAtMs,
    );
  const HpcCluster = pageByNumber(found.reverse(), PageNumber, PageSize).map(({ id, name, description }) => ({
    HpcClusterId: id,
    Name: name,
    Description: description,
  }));
  return { HpcClusters: { HpcCluster }, TotalCount: found.length, PageNumber, PageSize };
};
