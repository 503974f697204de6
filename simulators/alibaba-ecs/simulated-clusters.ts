import type { SimulatedCluster } from '../core/control-messages.ts';
import { isGone } from '../core/visibility.ts';
import type { Account } from './account.ts';
import type { HpcCluster, Instance, Run } from './model.ts';
import { instanceEndMs, isCreating, isInstanceGone, statusAt } from './status.ts';

/**
 * The tag that names a cluster of instances. The service has no single thing that is a cluster, so the control API shows
 * two kinds:
 *
 * - a container, by its `Name`. The instances that were run into it are its nodes, and it exists until it is deleted.
 *   A second RunInstances into it adds nodes.
 * - a RunInstances call outside a container. It exists until the last of its instances is gone. Its name is the value of
 *   this tag on the instances, or else the name of the first instance; its id is the id of the first instance, which is
 *   also the lowest.
 *
 * So a client that sends a create twice makes two clusters of one name, if it puts one key into the container's name or
 * into this tag.
 */
export const KEY_TAG = 'muster:key';

/** Every cluster in the order of creation, a container before what was run at the same time. */
export function simulatedClusters(account: Account, nowMs: number): SimulatedCluster[] {
  const containers = account.state.hpcClusters.map((cluster) => containerAsCluster(account, cluster, nowMs));
  const runs = account.state.runs.filter(({ hpcClusterId }) => hpcClusterId === undefined);
  return [...containers, ...runs.map((run) => runAsCluster(run, nowMs))].sort((a, b) => a.createdAtMs - b.createdAtMs);
}

/** A container with its instances, as the control API shows it. */
export function containerAsCluster(account: Account, cluster: HpcCluster, nowMs: number): SimulatedCluster {
  const runs = account.runsIn(cluster);
  const instances = runs.flatMap((run) => run.instances);
  const gone = isGone(cluster, nowMs);
  const emptyStatus = isCreating(cluster, nowMs) ? 'Creating' : (cluster.forcedStatus ?? 'Empty');
  return {
    id: cluster.id,
    name: cluster.name,
    region: cluster.region,
    tags: { ...runs[0]?.initialTags },
    status: gone ? 'Gone' : (statusOf(instances, nowMs) ?? emptyStatus),
    nodes: instances.length,
    createdAtMs: cluster.createdAtMs,
    createdByCall: cluster.createdByCall,
    goneAtMs: gone ? (cluster.goneAtMs ?? null) : null,
  };
}

/** The instances of a run outside a container, as the control API shows them. */
export function runAsCluster(run: Run, nowMs: number): SimulatedCluster {
  const status = statusOf(run.instances, nowMs);
  return {
    id: run.instances[0]?.id ?? '',
    name: run.name,
    region: run.region,
    tags: { ...run.initialTags },
    status: status ?? 'Gone',
    nodes: run.instances.length,
    createdAtMs: run.createdAtMs,
    createdByCall: run.createdByCall,
    goneAtMs: status === undefined ? Math.max(...run.instances.map((instance) => instanceEndMs(instance) ?? 0)) : null,
  };
}

/** The status of the first instance that exists; undefined when none does. */
function statusOf(instances: readonly Instance[], nowMs: number): string | undefined {
  const first = instances.find((instance) => !isInstanceGone(instance, nowMs));
  return first === undefined ? undefined : statusAt(first, nowMs);
}
