import { VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import { ALIBABA_ECS_KEY_TAG, ALIBABA_ECS_RUN_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import type { FoundCluster } from '../provider.ts';
import { ambiguous } from './errors.ts';
import type { Container, Instance, InstanceFilter } from './reads.ts';
import { tagOf, type StoredCall } from './stored-call.ts';

/*
 * What a cluster is at this provider. There are two kinds:
 * - A container: an HPC cluster of the service, with its own id. It has the key as its name.
 * - An instance set: instances of a type that takes no container. All instances with the same key tag are one cluster.
 *
 * An instance is ours only if its key tag has exactly the key as its value. Container names are not unique and prove
 * nothing. Another owner's container with our 36 characters as its name would count as ours, but an instance in it without
 * the tag would not.
 */

const INSTANCE_SET = 'instances:';

/** Our id of an instance set. */
export const instanceSetId = (key: string): string => `${INSTANCE_SET}${key}`;

/** The key in the id of an instance set; undefined for a container's id. */
export const keyOfInstanceSet = (clusterId: string): string | undefined =>
  clusterId.startsWith(INSTANCE_SET) ? clusterId.slice(INSTANCE_SET.length) : undefined;

export const keyTagFilter = (key: string): InstanceFilter => ({ Tag: [{ Key: ALIBABA_ECS_KEY_TAG, Value: key }] });

/** The service reports creation times to the minute. */
const CREATION_TIME_PRECISION_MS = 60_000;

/** Whether parts that were created together with this instance may not show yet. */
export const mayNotShowYet = ({ createdAtMs }: Instance, nowMs: number): boolean =>
  createdAtMs === null || nowMs - createdAtMs < VISIBILITY_GRACE_MS + CREATION_TIME_PRECISION_MS;

/** Our instances in a container. @throws ambiguous while a new instance has no key tag: the tag may appear later */
export function ownInstances(container: Container, inside: readonly Instance[], nowMs: number): Instance[] {
  if (inside.some((instance) => instance.key === undefined && mayNotShowYet(instance, nowMs))) {
    throw ambiguous('DescribeInstances', 'NoKeyTag', `a new instance in ${container.id} has no key tag yet`);
  }
  return inside.filter(({ key }) => key === container.name);
}

/** The runs of a stored call without a visible instance. */
export const missingRuns = (stored: StoredCall, ours: readonly Instance[]): StoredCall['runs'] =>
  stored.runs.filter(({ Tag }) => !ours.some(({ run }) => run === tagOf(Tag, ALIBABA_ECS_RUN_TAG)));

/** Whether the cluster still needs calls before it can be ready. Without a stored call: whether it has no instance. */
export const isPartial = (stored: StoredCall | undefined, ours: readonly Instance[]): boolean =>
  stored === undefined ? ours.length === 0 : ours.length < stored.minNodes && missingRuns(stored, ours).length > 0;

/** Statuses of instances that are not on the way to Running. Any other status, also a new one, counts as on the way. */
export const SETTLED_STATUSES: ReadonlySet<string> = new Set(['Running', 'Stopping', 'Stopped']);

/**
 * The state of all instances together. It is `degraded` when some run and no others are on the way; that may be enough. It
 * is never `deleting`: a container without instances remains until another call deletes it.
 */
function clusterState(ours: readonly Instance[]): FoundCluster['state'] {
  const run = ours.filter(({ status }) => status === 'Running').length;
  if (run > 0 && run === ours.length) return 'ready';
  return run > 0 && ours.every(({ status }) => SETTLED_STATUSES.has(status)) ? 'degraded' : 'creating';
}

/** A cluster. The service reports no creation time for a container, so the oldest instance's is used. */
export function toFound(clusterId: string, name: string, ours: readonly Instance[], partial: boolean): FoundCluster {
  const creationTimes = ours.map(({ createdAtMs }) => createdAtMs).filter((ms) => ms !== null);
  return {
    clusterId,
    name,
    state: clusterState(ours),
    createdAtMs: creationTimes.length === 0 ? null : Math.min(...creationTimes),
    ...(partial ? { partial } : {}),
  };
}

/** The clusters whose name contains a text, from all containers and the instances that may belong to them. */
export function clustersNamed(
  text: string,
  containers: readonly Container[],
  instances: readonly Instance[],
): FoundCluster[] {
  const known = new Set(containers.map(({ id }) => id));
  const named = containers.filter(({ name }) => name.includes(text));
  // A container that does not show yet is known by its instances, and its name by their key tag.
  const others = new Map<string, Instance[]>();
  for (const instance of instances) {
    const { key, containerId } = instance;
    if (!key?.includes(text) || known.has(containerId ?? '')) continue;
    const id = containerId ?? instanceSetId(key);
    others.set(id, [...(others.get(id) ?? []), instance]);
  }
  return [
    ...named.map(({ id, name }) => {
      const ours = instances.filter(({ key, containerId }) => key === name && containerId === id);
      return toFound(id, name, ours, isPartial(undefined, ours));
    }),
    ...[...others].map(([id, ours]) => toFound(id, ours[0]?.key ?? '', ours, false)),
  ];
}
