import { pageOf } from '../core/paging.ts';
import { groupsOf, type Cluster } from './cluster.ts';
import type { Operation } from './context.ts';
import { ListClustersInput } from './inputs.ts';
import { statusAt } from './status.ts';
import { DEFAULT_MAX_RESULTS, invalidToken, isWithin } from './lists.ts';
import { parseInput } from './validation.ts';
import { wireTime } from './wire.ts';

/**
 * A page of the region's clusters. MaxResults bounds the clusters that are examined and not those that match, so a page
 * can be short or empty although another follows.
 */
export const listClusters: Operation = (context, { region, nowMs }, body) => {
  const {
    MaxResults: limit = DEFAULT_MAX_RESULTS,
    NextToken: nextToken,
    ...query
  } = parseInput(ListClustersInput, body);
  const page = pageOf({
    items: context.account.liveClusters(region, nowMs).filter((cluster) => nowMs >= cluster.visibleToListAtMs),
    keyOf: (cluster) => [query.SortBy === 'NAME' ? cluster.name : cluster.createdAtMs, cluster.arn],
    descending: query.SortOrder === 'Descending',
    limit,
    nextToken,
    query,
    invalidToken,
  });
  const matches = (cluster: Cluster): boolean =>
    cluster.name.includes(query.NameContains ?? '') &&
    isWithin(wireTime(cluster.createdAtMs), query.CreationTimeAfter, query.CreationTimeBefore) &&
    (query.TrainingPlanArn === undefined || trainingPlansOf(cluster).includes(query.TrainingPlanArn));
  return {
    ClusterSummaries: page.items.filter(matches).map((cluster) => summaryOf(cluster, nowMs)),
    NextToken: page.nextToken,
  };
};

function summaryOf(cluster: Cluster, nowMs: number) {
  const plans = trainingPlansOf(cluster);
  return {
    ClusterArn: cluster.arn,
    ClusterName: cluster.name,
    CreationTime: wireTime(cluster.createdAtMs),
    ClusterStatus: statusAt(cluster, nowMs),
    TrainingPlanArns: plans.length === 0 ? undefined : plans,
  };
}

function trainingPlansOf(cluster: Cluster): string[] {
  return groupsOf(cluster.request).flatMap((group) =>
    group.TrainingPlanArn === undefined ? [] : [group.TrainingPlanArn],
  );
}
