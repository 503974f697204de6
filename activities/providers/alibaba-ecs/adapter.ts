import type { Json } from '../../../contracts/providers/definition.ts';
import type { FindResult, Provider } from '../provider.ts';
import { ecsClient } from './client.ts';
import {
  clustersNamed,
  instanceSetId,
  isPartial,
  keyOfInstanceSet,
  keyTagFilter,
  ownInstances,
  toFound,
} from './clusters.ts';
import { create } from './create.ts';
import { deleteCluster } from './delete.ts';
import { ambiguous, EcsError } from './errors.ts';
import { moveExpiry } from './expiry.ts';
import type { AlibabaEcsOptions } from './options.ts';
import { ecsReads, type Instance } from './reads.ts';
import { toAccess, toObservation, toUnits, type ClusterParts } from './states.ts';
import { keyInCall, storedCall, tryStoredCall } from './stored-call.ts';

/** Alibaba Cloud ECS: HPC clusters with instances in them, and sets of instances. clusters.ts explains both. */
export function alibabaEcsProvider(options: AlibabaEcsOptions): Provider {
  const ecs = ecsClient(options);
  const reads = ecsReads(ecs);

  const instanceSetOf = async (region: string, key: string): Promise<Instance[]> =>
    (await reads.instances(region, keyTagFilter(key))).filter(({ containerId }) => containerId === null);

  /** The containers with the key as their name, and our instances in each. The one with the most comes first. */
  const containersWith = async (region: string, key: string) => {
    const named = (await reads.containers(region)).filter(({ name }) => name === key);
    const filled: { id: string; ours: Instance[] }[] = [];
    for (const container of named) {
      const inside = await reads.instances(region, { HpcClusterId: container.id });
      filled.push({ id: container.id, ours: ownInstances(container, inside, Date.now()) });
    }
    return filled.sort((a, b) => b.ours.length - a.ours.length || (a.id < b.id ? -1 : 1));
  };

  /**
   * The parts of a cluster by its id, and its key. Without a call the key is the container's name, which people may have
   * changed; it is undefined when the container does not show.
   */
  const partsOf = async (
    region: string,
    clusterId: string,
    call: Json | undefined,
  ): Promise<ClusterParts & { readonly key: string | undefined }> => {
    const setKey = keyOfInstanceSet(clusterId);
    if (setKey !== undefined) return { key: setKey, hasContainer: false, ours: await instanceSetOf(region, setKey) };
    const inside = await reads.instances(region, { HpcClusterId: clusterId });
    const container = await reads.container(region, clusterId);
    const key = keyInCall(call) ?? container?.name;
    return {
      key,
      hasContainer: container !== undefined,
      ours: inside.filter((instance) => instance.key !== undefined && instance.key === (key ?? instance.key)),
    };
  };

  return {
    name: 'alibaba-ecs',
    idempotency: 'token',
    calls: [
      ...['CreateHpcCluster', 'DescribeHpcClusters', 'DeleteHpcCluster'],
      ...['RunInstances', 'DescribeInstances', 'ModifyInstanceAutoReleaseTime', 'DeleteInstances'],
    ],

    /**
     * @param call the creation's stored call: it says whether a container is wanted and which runs are missing. Without it, a
     * container without an instance of ours counts as partial.
     */
    async find(region: string, key: string, call?: Json): Promise<FindResult> {
      const stored = tryStoredCall(call);
      const found = (clusterId: string, ours: Instance[]): FindResult => ({
        kind: 'ours',
        cluster: toFound(clusterId, key, ours, isPartial(stored, ours)),
      });
      const [container] = stored?.hpc === null ? [] : await containersWith(region, key);
      if (container !== undefined) return found(container.id, container.ours);
      const setKey = stored === undefined || stored.hpc === null ? await instanceSetOf(region, key) : [];
      return setKey.length === 0 ? { kind: 'none' } : found(instanceSetId(key), setKey);
    },

    async list(region, nameContains) {
      // This searches instances by name, and `find` searches by tag: the two views may lag differently.
      const instances = await reads.instances(region, { InstanceName: `*${nameContains}*` });
      return clustersNamed(nameContains, await reads.containers(region), instances);
    },

    create: (region, call, partial) => create(ecs, reads, region, storedCall(call), partial),

    async observe(region, clusterId, call) {
      return toObservation(await partsOf(region, clusterId, call), tryStoredCall(call)?.minNodes ?? 0, Date.now());
    },

    async access(region, clusterId, call) {
      const { key, hasContainer, ours } = await partsOf(region, clusterId, call);
      if (key !== undefined && (hasContainer || ours.length > 0)) return toAccess(clusterId, key, ours);
      throw new EcsError('not-found', {
        ...{ call: 'DescribeHpcClusters', vendorCode: 'NotFound' },
        text: `${clusterId} is not found`,
      });
    },

    units: async (region, clusterId) => toUnits((await partsOf(region, clusterId, undefined)).ours),

    async moveExpiry(region, clusterId, atMs, call) {
      const { key, ours } = await partsOf(region, clusterId, call);
      // Only the call or the container's name says whose instances these are.
      if (key === undefined && ours.length > 0) {
        throw ambiguous('DescribeHpcClusters', 'NoContainer', `${clusterId} is not found, but instances in it are`);
      }
      await moveExpiry(ecs, region, ours, atMs);
    },

    delete: (region, clusterId, call) => deleteCluster(ecs, reads, region, clusterId, keyInCall(call)),

    identity: () => ecs.identity(),

    nonexistentId: instanceSetId('mu-nonexistent'),

    close: () => {
      ecs.close();
    },
  };
}
