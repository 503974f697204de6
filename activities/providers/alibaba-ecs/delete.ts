import type { EcsClient } from './client.ts';
import { keyOfInstanceSet, keyTagFilter } from './clusters.ts';
import { isNotFound } from './errors.ts';
import type { Container, EcsReads, Instance } from './reads.ts';

/** Most instances that one call deletes. */
const DELETE_MAX = 100;

/**
 * Starts the deletion: of our instances first, and once none is left, of their container. Another owner's instance in it is
 * never touched. It keeps the container from being deleted, which is a `conflict`.
 * @param wanted the key; without it, the container's name is used, which people may have changed
 */
export async function deleteCluster(
  ecs: EcsClient,
  reads: EcsReads,
  region: string,
  clusterId: string,
  wanted: string | undefined,
): Promise<void> {
  const setKey = keyOfInstanceSet(clusterId);
  if (setKey !== undefined) {
    const found = await reads.instances(region, keyTagFilter(setKey));
    await deleteInstances(
      ecs,
      region,
      found.filter(({ containerId }) => containerId === null),
    );
    return;
  }
  const container = await reads.container(region, clusterId);
  const inside = await reads.instances(region, { HpcClusterId: clusterId });
  const key = wanted ?? nameOf(container, inside);
  const ours = inside.filter((instance) => instance.key !== undefined && instance.key === key);
  if (ours.length > 0) await deleteInstances(ecs, region, ours);
  // Instances take a while to disappear, and the container cannot be deleted before. The next try finds it empty.
  else await ignoreNotFound(() => ecs.call('DeleteHpcCluster', region, { RegionId: region, HpcClusterId: clusterId }));
}

/** The name of a container. One that is not found gets its instances' key, when they all have the same. */
function nameOf(container: Container | undefined, inside: readonly Instance[]): string | undefined {
  if (container !== undefined) return container.name;
  const keys = new Set(inside.map((instance) => instance.key));
  return keys.size === 1 ? [...keys][0] : undefined;
}

async function deleteInstances(ecs: EcsClient, region: string, instances: readonly Instance[]): Promise<void> {
  for (let at = 0; at < instances.length; at += DELETE_MAX) {
    const InstanceId = instances.slice(at, at + DELETE_MAX).map(({ id }) => id);
    // Without Force the service does not delete running instances.
    await ignoreNotFound(() => ecs.call('DeleteInstances', region, { RegionId: region, InstanceId, Force: true }));
  }
}

async function ignoreNotFound(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
