import type { EcsClient } from './client.ts';
import { keyOfLoose, withKey } from './clusters.ts';
import { isNotFound } from './errors.ts';
import type { Container, EcsReads, Instance } from './reads.ts';

/** Instances that one call deletes. */
const DELETE_MAX = 100;

/**
 * Asks for the end of what stands: first of the instances that wear the key, and, once none is left, of the container
 * they were in. Somebody else's instance in it is never touched, and keeps it standing: a conflict for as long.
 * @param wanted the key; without it, the container's name stands for it, which people may have changed
 */
export async function remove(
  ecs: EcsClient,
  reads: EcsReads,
  region: string,
  clusterId: string,
  wanted: string | undefined,
): Promise<void> {
  const loose = keyOfLoose(clusterId);
  if (loose !== undefined) {
    const found = await reads.instances(region, withKey(loose));
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
  // They are released a while later, and keep it from being deleted until then: the next try finds it empty.
  else await unlessGone(() => ecs.call('DeleteHpcCluster', region, { RegionId: region, HpcClusterId: clusterId }));
}

/** A container that does not show is named by its instances, where they agree. */
function nameOf(container: Container | undefined, inside: readonly Instance[]): string | undefined {
  if (container !== undefined) return container.name;
  const keys = new Set(inside.map((instance) => instance.key));
  return keys.size === 1 ? [...keys][0] : undefined;
}

async function deleteInstances(ecs: EcsClient, region: string, instances: readonly Instance[]): Promise<void> {
  for (let at = 0; at < instances.length; at += DELETE_MAX) {
    const InstanceId = instances.slice(at, at + DELETE_MAX).map(({ id }) => id);
    // By force: it is the only way to release what runs.
    await unlessGone(() => ecs.call('DeleteInstances', region, { RegionId: region, InstanceId, Force: true }));
  }
}

async function unlessGone(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
