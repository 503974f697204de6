import type { Cluster } from './cluster.ts';
import type { Moment, Operation, Setting } from './context.ts';
import { checkTags } from './create-checks.ts';
import { AwsError, validationError } from './errors.ts';
import { AddTagsInput, ListTagsInput } from './inputs.ts';
import { pageOf } from './paging.ts';
import { parseInput } from './validation.ts';

const MAX_TAGS = 50;
const DEFAULT_MAX_RESULTS = 50;

/** The tags of one cluster. */
export const listTags: Operation = (setting, moment, body) => {
  const input = parseInput(ListTagsInput, body);
  const cluster = taggedCluster(setting, moment, input.ResourceArn);
  const page = pageOf({
    items: cluster.tags,
    keyOf: (tag) => [tag.Key, ''],
    descending: false,
    limit: input.MaxResults ?? DEFAULT_MAX_RESULTS,
    nextToken: input.NextToken,
    query: cluster.arn,
  });
  return { Tags: page.items, NextToken: page.nextToken };
};

/** Adds tags, or replaces those with the same key. Answers with all tags of the cluster. */
export const addTags: Operation = (setting, moment, body) => {
  const input = parseInput(AddTagsInput, body);
  checkTags(input.Tags);
  const cluster = taggedCluster(setting, moment, input.ResourceArn);
  const tags = new Map([...cluster.tags, ...input.Tags].map((tag) => [tag.Key, tag]));
  if (tags.size > MAX_TAGS) {
    throw new AwsError('ResourceLimitExceeded', `A resource cannot have more than ${MAX_TAGS} tags.`);
  }
  cluster.tags = [...tags.values()];
  return { Tags: cluster.tags };
};

/** The tag operations declare no ResourceNotFound; a resource that is gone is a ValidationException there. */
function taggedCluster(setting: Setting, { region, nowMs }: Moment, arn: string): Cluster {
  const cluster = setting.account.withArn(region, arn, nowMs);
  if (cluster === undefined || nowMs < cluster.visibleToGetAtMs)
    throw validationError(`Could not find cluster "${arn}".`);
  return cluster;
}
