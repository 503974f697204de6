import type { HpcCluster, Instance } from './model.ts';

/** When the instance is or was gone; undefined while nothing will end it. An automatic release ends it at its time. */
export function endOf(instance: Instance): number | undefined {
  const ends = [instance.goneAtMs, instance.autoReleaseAtMs].filter((atMs) => atMs !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** A released instance is absent: no status is left of it. */
export function isInstanceGone(instance: Instance, nowMs: number): boolean {
  const endsAtMs = endOf(instance);
  return endsAtMs !== undefined && endsAtMs <= nowMs;
}

/** The instance's status at a time. A string, because the control API may hold it in one that nobody knows yet. */
export function statusAt(instance: Instance, nowMs: number): string {
  if (instance.releasingSinceMs !== undefined) return 'Stopping';
  const { plan } = instance;
  if (plan.kind === 'held') return plan.status;
  if (nowMs < plan.startingAtMs) return 'Pending';
  switch (plan.kind) {
    case 'runs':
      return nowMs < plan.runningAtMs ? 'Starting' : 'Running';
    case 'fails':
      return nowMs < plan.stoppedAtMs ? 'Starting' : 'Stopped';
    case 'never-ready':
      return 'Starting';
  }
}

export function isContainerGone(cluster: HpcCluster, nowMs: number): boolean {
  return cluster.goneAtMs !== undefined && cluster.goneAtMs <= nowMs;
}

/** Whether the container does not take instances yet. */
export function isCreating(cluster: HpcCluster, nowMs: number): boolean {
  if (cluster.held !== undefined) return cluster.held === 'Creating';
  return cluster.readyAtMs === null || nowMs < cluster.readyAtMs;
}
