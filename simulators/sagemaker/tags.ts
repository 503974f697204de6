import { pageOf } from '../core/paging.ts';
import { Refusal } from '../core/refusal.ts';
import type { Cluster } from './cluster.ts';
import type { CallInfo, Operation, Context } from './context.ts';
import { checkTags } from './create-checks.ts';
import { validationError } from './errors.ts';
import { AddTagsInput, ListTagsInput } from './inputs.ts';
import { invalidToken } from './lists.ts';
import { parseInput } from './validation.ts';

const MAX_TAGS = 50;
const DEFAULT_MAX_RESULTS = 50;

/** The tags of one cluster. */
export const listTags: Operation = (context, call, body) => {
  const input = parseInput(ListTagsInput, body);
  const cluster = taggedCluster(context, call, input.ResourceArn);
  const page = pageOf({
    items: cluster.tags,
    keyOf: (tag) => [tag.Key, ''],
    descending: false,
    limit: input.MaxResults ?? DEFAULT_MAX_RESULTS,
    nextToken: input.NextToken,
    query: cluster.arn,
    invalidToken,
  });
  return { Tags: page.items, NextToken: page.nextToken };
};

/** Adds tags; a tag replaces the one with the same key. Answers with all tags of the cluster. */
export const addTags: Operation = (context, call, body) => {
  const input = parseInput(AddTagsInput, body);
  checkTags(input.Tags);
  const cluster = taggedCluster(context, call, input.ResourceArn);
  const tags = new Map([...cluster.tags, ...input.Tags].map((tag) => [tag.Key, tag]));
  if (tags.size > MAX_TAGS) {
    throw new Refusal('ResourceLimitExceeded', `A resource cannot have more than ${MAX_TAGS} tags.`);
  }
  cluster.tags = [...tags.values()];
  return { Tags: cluster.tags };
};

/** The tag operations declare no ResourceNotFound: a cluster that is gone is a ValidationException there. */
function taggedCluster(context: Context, { region, nowMs }: CallInfo, arn: string): Cluster {
  const cluster = context.account.withArn(region, arn, nowMs);
  if (cluster === undefined || nowMs < cluster.visibleToGetAtMs)
    throw validationError(`Could not find cluster "${arn}".`);
  return cluster;
}
