import { VISIBILITY_GRACE_MS } from '../../../contracts/limits.ts';
import { ALIBABA_ECS_KEY_TAG, ALIBABA_ECS_RUN_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import type { FoundCluster } from '../provider.ts';
import { unsure } from './errors.ts';
import type { Container, Instance, InstanceFilter } from './reads.ts';
import { tagOf, type StoredCall } from './stored-call.ts';

/*
 * What a cluster is here. The service has no one thing of that name: an HPC cluster is a container, known by its id and
 * wearing the key as its name; and the instances of a type that takes none stand by themselves, known together by the
 * key that they wear as a tag. An instance is ours by that tag alone, its value being exactly the key. Names of
 * containers are not unique and prove nothing: a stranger's container that wore our 36 characters would be taken for
 * ours, but no instance in it that lacks the tag.
 */

const LOOSE = 'instances:';

/** Our own id of the instances that wear a key outside of any container. */
export const looseId = (key: string): string => `${LOOSE}${key}`;

/** The key in such an id; undefined for a container's. */
export const keyOfLoose = (clusterId: string): string | undefined =>
  clusterId.startsWith(LOOSE) ? clusterId.slice(LOOSE.length) : undefined;

export const withKey = (key: string): InstanceFilter => ({ Tag: [{ Key: ALIBABA_ECS_KEY_TAG, Value: key }] });

/** Creation times are told to the minute. */
const TOLD_TO_MS = 60_000;

/** Whether something that belongs to what was made together with an instance may not show yet. */
export const mayNotShowYet = ({ createdAtMs }: Instance, nowMs: number): boolean =>
  createdAtMs === null || nowMs - createdAtMs < VISIBILITY_GRACE_MS + TOLD_TO_MS;

/** The instances in a container that are ours; a young one without an owner may show one yet. */
export function oursIn(container: Container, inside: readonly Instance[], nowMs: number): Instance[] {
  if (inside.some((instance) => instance.key === undefined && mayNotShowYet(instance, nowMs))) {
    throw unsure('DescribeInstances', 'NoOwner', `a young instance in ${container.id} shows no owner yet`);
  }
  return inside.filter(({ key }) => key === container.name);
}

/** Runs of a stored call that have made no instance that shows. */
export const missingRuns = (stored: StoredCall, ours: readonly Instance[]): StoredCall['runs'] =>
  stored.runs.filter(({ Tag }) => !ours.some(({ run }) => run === tagOf(Tag, ALIBABA_ECS_RUN_TAG)));

/** Whether calls are left to make before the cluster is usable; without a stored call, whether it has no instance. */
export const isPartial = (stored: StoredCall | undefined, ours: readonly Instance[]): boolean =>
  stored === undefined ? ours.length === 0 : ours.length < stored.minNodes && missingRuns(stored, ours).length > 0;

/** The statuses on the way to Running; one that the service may add later counts as being on its way too. */
export const NOT_ON_ITS_WAY: ReadonlySet<string> = new Set(['Running', 'Stopping', 'Stopped']);

/**
 * What its instances come to: `degraded` where some run and no more are on their way, which may be all that is wanted.
 * Never `deleting`: that its instances go does not end a container, which is deleted by another call.
 */
function stateOfAll(ours: readonly Instance[]): FoundCluster['state'] {
  const run = ours.filter(({ status }) => status === 'Running').length;
  if (run > 0 && run === ours.length) return 'ready';
  return run > 0 && ours.every(({ status }) => NOT_ON_ITS_WAY.has(status)) ? 'degraded' : 'creating';
}

/** A cluster as a look shows it. Its container's age is not told: that of its eldest instance stands for it. */
export function toFound(clusterId: string, name: string, ours: readonly Instance[], partial: boolean): FoundCluster {
  const births = ours.map(({ createdAtMs }) => createdAtMs).filter((ms) => ms !== null);
  return {
    clusterId,
    name,
    state: stateOfAll(ours),
    createdAtMs: births.length === 0 ? null : Math.min(...births),
    ...(partial ? { partial } : {}),
  };
}

/** Every cluster whose name holds a text, out of all containers and the instances that may wear such a name. */
export function clustersNamed(
  text: string,
  containers: readonly Container[],
  instances: readonly Instance[],
): FoundCluster[] {
  const known = new Set(containers.map(({ id }) => id));
  const named = containers.filter(({ name }) => name.includes(text));
  // A container that does not show is known by the instances in it, and named by what they wear.
  const others = new Map<string, Instance[]>();
  for (const instance of instances) {
    const { key, containerId } = instance;
    if (!key?.includes(text) || known.has(containerId ?? '')) continue;
    const id = containerId ?? looseId(key);
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
