import type { HpcCluster, Instance } from './model.ts';

/** When the instance stops existing; undefined while nothing ends it. An automatic release ends it at its time. */
export function instanceEndMs(instance: Instance): number | undefined {
  const ends = [instance.goneAtMs, instance.autoReleaseAtMs].filter((atMs) => atMs !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Whether the instance no longer exists. The service shows no status of such an instance. */
export function isInstanceGone(instance: Instance, nowMs: number): boolean {
  const endMs = instanceEndMs(instance);
  return endMs !== undefined && endMs <= nowMs;
}

/** The instance's status at a time. A string, because the control API may set a status that the service does not know. */
export function statusAt(instance: Instance, nowMs: number): string {
  if (instance.releasingSinceMs !== undefined) return 'Stopping';
  const { plan } = instance;
  if (plan.kind === 'forced') return plan.status;
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

/** Whether the container does not accept instances yet. */
export function isCreating(cluster: HpcCluster, nowMs: number): boolean {
  if (cluster.forcedStatus !== undefined) return cluster.forcedStatus === 'Creating';
  return cluster.readyAtMs === null || nowMs < cluster.readyAtMs;
}
