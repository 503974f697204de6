import type { Json } from '../../../contracts/providers/definition.ts';
import type { FindResult, Provider } from '../provider.ts';
import { ecsClient, type AlibabaEcsOptions } from './client.ts';
import { clustersNamed, isPartial, keyOfLoose, looseId, oursIn, toFound, withKey } from './clusters.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { EcsError, unsure } from './errors.ts';
import { moveExpiry } from './expiry.ts';
import { ecsReads, type Instance } from './reads.ts';
import { toAccess, toObservation, toUnits, type Seen } from './states.ts';
import { keyIfAny, storedCall, storedCallIfAny } from './stored-call.ts';

/** Alibaba Cloud ECS: HPC clusters with instances in them, and sets of instances; what they are is told in clusters.ts. */
export function alibabaEcsProvider(options: AlibabaEcsOptions): Provider {
  const ecs = ecsClient(options);
  const reads = ecsReads(ecs);

  const looseWith = async (region: string, key: string): Promise<Instance[]> =>
    (await reads.instances(region, withKey(key))).filter(({ containerId }) => containerId === null);

  /** The containers that wear the key, with what is ours in them; the one with most of it first. */
  const containersWith = async (region: string, key: string) => {
    const named = (await reads.containers(region)).filter(({ name }) => name === key);
    const filled: { id: string; ours: Instance[] }[] = [];
    for (const container of named) {
      const inside = await reads.instances(region, { HpcClusterId: container.id });
      filled.push({ id: container.id, ours: oursIn(container, inside, Date.now()) });
    }
    return filled.sort((a, b) => b.ours.length - a.ours.length || (a.id < b.id ? -1 : 1));
  };

  /**
   * A cluster by its id, and the key that it is known by: the creation's, or else its container's name, which people may
   * have changed; undefined for a container that does not show.
   */
  const seen = async (
    region: string,
    clusterId: string,
    call: Json | undefined,
  ): Promise<Seen & { readonly key: string | undefined }> => {
    const loose = keyOfLoose(clusterId);
    if (loose !== undefined) return { key: loose, hasContainer: false, ours: await looseWith(region, loose) };
    const inside = await reads.instances(region, { HpcClusterId: clusterId });
    const container = await reads.container(region, clusterId);
    const key = keyIfAny(call) ?? container?.name;
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
     * @param call the creation's, where there is one: it tells whether a container is wanted, and what is still missing.
     * Without it a container that has no instance of ours counts as begun.
     */
    async find(region: string, key: string, call?: Json): Promise<FindResult> {
      const stored = storedCallIfAny(call);
      const found = (clusterId: string, ours: Instance[]): FindResult => ({
        kind: 'ours',
        cluster: toFound(clusterId, key, ours, isPartial(stored, ours)),
      });
      const [container] = stored?.hpc === null ? [] : await containersWith(region, key);
      if (container !== undefined) return found(container.id, container.ours);
      const loose = stored === undefined || stored.hpc === null ? await looseWith(region, key) : [];
      return loose.length === 0 ? { kind: 'none' } : found(looseId(key), loose);
    },

    async list(region, nameContains) {
      // Instances are looked for by name here, and by tag in `find`: two views that need not lag alike.
      const instances = await reads.instances(region, { InstanceName: `*${nameContains}*` });
      return clustersNamed(nameContains, await reads.containers(region), instances);
    },

    create: (region, call, partial) => create(ecs, reads, region, storedCall(call), partial),

    async observe(region, clusterId, call) {
      return toObservation(await seen(region, clusterId, call), storedCallIfAny(call)?.minNodes ?? 0, Date.now());
    },

    async access(region, clusterId, call) {
      const { key, hasContainer, ours } = await seen(region, clusterId, call);
      if (key !== undefined && (hasContainer || ours.length > 0)) return toAccess(clusterId, key, ours);
      throw new EcsError('not-found', {
        ...{ call: 'DescribeHpcClusters', vendorCode: 'NotFound' },
        text: `${clusterId} does not show`,
      });
    },

    units: async (region, clusterId) => toUnits((await seen(region, clusterId, undefined)).ours),

    async moveExpiry(region, clusterId, atMs, call) {
      const { key, ours } = await seen(region, clusterId, call);
      // Whose the instances are, only the creation or the container's name tells.
      if (key === undefined && ours.length > 0) {
        throw unsure('DescribeHpcClusters', 'NoContainer', `${clusterId} does not show, and instances in it do`);
      }
      await moveExpiry(ecs, region, ours, atMs);
    },

    delete: (region, clusterId, call) => remove(ecs, reads, region, clusterId, keyIfAny(call)),

    identity: () => ecs.identity(),

    nonexistentId: looseId('mu-nobody'),

    close: () => {
      ecs.close();
    },
  };
}
