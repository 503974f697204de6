import type { SimulatedCluster } from '../core/control-messages.ts';
import type { Account } from './account.ts';
import { endOf, isContainerGone, isCreating, isInstanceGone, statusAt } from './life.ts';
import type { HpcCluster, Instance, Run } from './model.ts';

/**
 * What counts as a birth. The service has no one thing that is a cluster, so the control API counts two:
 *
 * - every container that CreateHpcCluster made, by its `Name`; instances that were run into it are its nodes, and it
 *   lives until it is deleted itself. A second RunInstances into the same container shows as more nodes.
 * - every RunInstances call outside a container that made instances; it lives until the last of them is gone. Its name
 *   is the value of the tag `muster:key` on them, else the name of its first instance; its id is the id of its first
 *   instance, which is also the lowest.
 *
 * A client that keeps one key in the container's name, or else in that tag, and sends a creation twice so makes two
 * births of one name.
 */
export const KEY_TAG = 'muster:key';

/** Every birth in the order they came, a container before what was run at the same time. */
export function simulatedClusters(account: Account, nowMs: number): SimulatedCluster[] {
  const containers = account.state.hpcClusters.map((cluster) => containerAsCluster(account, cluster, nowMs));
  const runs = account.state.runs.filter(({ hpcClusterId }) => hpcClusterId === undefined);
  return [...containers, ...runs.map((run) => runAsCluster(run, nowMs))].sort((a, b) => a.createdAtMs - b.createdAtMs);
}

export function containerAsCluster(account: Account, cluster: HpcCluster, nowMs: number): SimulatedCluster {
  const runs = account.runsIn(cluster);
  const instances = runs.flatMap((run) => run.instances);
  const gone = isContainerGone(cluster, nowMs);
  const empty = isCreating(cluster, nowMs) ? 'Creating' : (cluster.held ?? 'Empty');
  return {
    id: cluster.id,
    name: cluster.name,
    region: cluster.region,
    tags: { ...runs[0]?.initialTags },
    status: gone ? 'Gone' : (statusOf(instances, nowMs) ?? empty),
    nodes: instances.length,
    createdAtMs: cluster.createdAtMs,
    createdByCall: cluster.createdByCall,
    goneAtMs: gone ? (cluster.goneAtMs ?? null) : null,
  };
}

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
    goneAtMs: status === undefined ? Math.max(...run.instances.map((instance) => endOf(instance) ?? 0)) : null,
  };
}

/** The status that the instances have, or the one of the first where they differ; undefined when none is left. */
function statusOf(instances: readonly Instance[], nowMs: number): string | undefined {
  const living = instances.filter((instance) => !isInstanceGone(instance, nowMs));
  return living[0] === undefined ? undefined : statusAt(living[0], nowMs);
}
