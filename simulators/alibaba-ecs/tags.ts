import { z } from 'zod';
import type { Account, Member } from './account.ts';
import type { Operation } from './context.ts';
import { EcsError } from './errors.ts';
import { regionOf } from './regions.ts';
import { parseParameters, Tags } from './validation.ts';

const MAX_TAGS = 20;

const ResourceIds = z.array(z.string()).min(1, 'InvalidParameter').max(50, 'InvalidParameter');
/** Containers take no tags; disks, images and the rest are not simulated. */
const ResourceType = z.enum(['instance'], { error: 'InvalidResourceType.NotFound' });

const TagResourcesInput = z.object({ ResourceType, ResourceId: ResourceIds, Tag: Tags });

/** Adds tags to instances, or replaces those with the same key: to all of them or none. */
export const tagResources: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters);
  const { ResourceId: ids, Tag: tags } = parseParameters(TagResourcesInput, parameters);
  const given = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
  const instances = membersOf(account, region, ids, nowMs).map(({ instance }) => instance);
  if (instances.some((instance) => Object.keys({ ...instance.tags, ...given }).length > MAX_TAGS)) {
    throw new EcsError('NumberExceed.Tags', 'The Tags parameters number exceed.');
  }
  for (const instance of instances) instance.tags = { ...instance.tags, ...given };
  return {};
};

const ListTagResourcesInput = z.object({ ResourceType, ResourceId: ResourceIds });

/** The tags of instances. All fit in one page, because ids must be given here: the filter by tags is not simulated. */
export const listTagResources: Operation = ({ account }, { nowMs }, parameters) => {
  const region = regionOf(parameters);
  const { ResourceId: ids } = parseParameters(ListTagResourcesInput, parameters);
  const TagResource = membersOf(account, region, ids, nowMs).flatMap(({ instance }) =>
    Object.entries(instance.tags).map(([TagKey, TagValue]) => ({
      ResourceType: 'instance',
      ResourceId: instance.id,
      TagKey,
      TagValue,
    })),
  );
  return { TagResources: { TagResource }, NextToken: '' };
};

function membersOf(account: Account, region: string, ids: readonly string[], nowMs: number): Member[] {
  return ids.map((id) => {
    const member = account.visibleInstance(region, id, nowMs);
    if (member !== undefined) return member;
    throw new EcsError('InvalidResourceId.NotFound', 'The specified ResourceIds are not found in our records.', 404);
  });
}
