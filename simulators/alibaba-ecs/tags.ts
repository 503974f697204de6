import { z } from 'zod';
import type { Account, InstanceOfRun } from './account.ts';
import type { Operation } from './context.ts';
import { Refusal } from '../core/refusal.ts';
import { regionOf } from './regions.ts';
import { parseParameters, Tags } from './validation.ts';

const MAX_TAGS = 20;

const ResourceIds = z.array(z.string()).min(1, 'InvalidParameter').max(50, 'InvalidParameter');
/** Containers have no tags; tags of disks, images and the rest are not simulated. */
const ResourceType = z.enum(['instance'], { error: 'InvalidResourceType.NotFound' });

const TagResourcesInput = z.object({ ResourceType, ResourceId: ResourceIds, Tag: Tags });

/** Adds tags to all of the instances or to none; a tag replaces the one with the same key. */
export const tagResources: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters);
  const { ResourceId: ids, Tag: tags } = parseParameters(TagResourcesInput, parameters);
  const added = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
  const instances = instancesWith(account, region, ids, nowMs).map(({ instance }) => instance);
  if (instances.some((instance) => Object.keys({ ...instance.tags, ...added }).length > MAX_TAGS)) {
    throw new Refusal('NumberExceed.Tags', 'The Tags parameters number exceed.');
  }
  for (const instance of instances) instance.tags = { ...instance.tags, ...added };
  return {};
};

const ListTagResourcesInput = z.object({ ResourceType, ResourceId: ResourceIds });

/** The tags of instances. One page holds all of them, because a call must name ids: filters by tag are not simulated. */
export const listTagResources: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters);
  const { ResourceId: ids } = parseParameters(ListTagResourcesInput, parameters);
  const TagResource = instancesWith(account, region, ids, nowMs).flatMap(({ instance }) =>
    Object.entries(instance.tags).map(([TagKey, TagValue]) => ({
      ResourceType: 'instance',
      ResourceId: instance.id,
      TagKey,
      TagValue,
    })),
  );
  return { TagResources: { TagResource }, NextToken: '' };
};

function instancesWith(account: Account, region: string, ids: readonly string[], nowMs: number): InstanceOfRun[] {
  return ids.map((id) => {
    const member = account.visibleInstance(region, id, nowMs);
    if (member !== undefined) return member;
    throw new Refusal('InvalidResourceId.NotFound', 'The specified ResourceIds are not found in our records.', 404);
  });
}
