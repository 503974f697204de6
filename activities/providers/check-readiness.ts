import type { Readiness } from '../../contracts/activities.ts';
import type { ClusterAccess } from '../../contracts/cluster.ts';
import { VISIBILITY_GRACE_MS } from '../../contracts/limits.ts';
import { failure } from '../failures.ts';
import { isProvenAbsent } from './absence.ts';
import { recordBilledPrice } from './booking.ts';
import { deleteCluster } from './delete-cluster.ts';
import { ProviderError } from './errors.ts';
import type { StepContext } from './step-context.ts';

type NotReady = Extract<Readiness, { kind: 'not-ready' }>;

/** The result of the step; the activity adds to `not-ready` how long to wait for a hint. */
export type CheckedReadiness = Exclude<Readiness, NotReady> | Omit<NotReady, 'fallbackMs'>;

const notReady = (detail: string): CheckedReadiness => ({ kind: 'not-ready', detail });

/**
 * Checks once whether the cluster is ready.
 * @throws ClusterFailed or InsufficientCapacity when it never will be; CreationClosed when the row is not open any more
 */
export async function checkReadiness(context: StepContext, clusterId: string): Promise<CheckedReadiness> {
  const { provider, row, timing } = context;
  if (row.state !== 'open') throw failure('CreationClosed', `the creation is ${row.state}`);
  if (row.clusterId !== clusterId) return notRecorded(context, clusterId);

  const observation = await provider.observe(row.region, clusterId, row.call);
  await recordBilledPrice(context, observation.hourlyMicros);
  const { detail, nodesInService, nodesWanted } = observation;
  const progress = `${detail}, ${nodesInService} of ${nodesWanted} nodes in service`;
  switch (observation.state) {
    case 'ready':
      return (await deleteDuplicates(context, clusterId)) ?? accessTo(context, clusterId);
    case 'failed':
    case 'deleting':
      throw failure(observation.outOfCapacity ? 'InsufficientCapacity' : 'ClusterFailed', progress);
    case 'gone':
      // Soon after the send a cluster may not show yet. Later, one read that misses it is still no proof.
      if (
        row.nowMs - (row.sendUntilMs ?? row.openedAtMs) > VISIBILITY_GRACE_MS / timing.speed &&
        (await isProvenAbsent(context, 'partial'))
      ) {
        throw failure('ClusterFailed', `${clusterId} has vanished`);
      }
      return notReady('not visible yet');
    case 'creating':
    case 'degraded':
      return notReady(progress);
  }
}

/**
 * The ledger does not have this cluster: it was restored from a backup that is older. The request starts again from the
 * ledger, where it adopts the cluster that carries its key. It starts only once that cluster shows: while it does not, the
 * request would make a second one.
 */
async function notRecorded({ provider, row }: StepContext, clusterId: string): Promise<CheckedReadiness> {
  const shows = row.clusterId !== null || (await provider.find(row.region, row.key, row.call)).kind === 'ours';
  const detail = `the ledger has recorded ${row.clusterId ?? 'no cluster'}, not ${clusterId}`;
  if (shows) throw failure('CreationClosed', detail);
  return notReady(`${detail}, and no cluster shows under its key`);
}

/**
 * At a provider without unique names or tokens, a send that seemed lost may have made a second cluster under our key. It is
 * ours too. It is recorded and deleted by its id before the request gets the first one.
 * @returns undefined once there is no other cluster
 */
async function deleteDuplicates(context: StepContext, clusterId: string): Promise<CheckedReadiness | undefined> {
  const { provider, ledger, row } = context;
  if (provider.idempotency !== 'neither') return undefined;
  const duplicates = (await provider.list(row.region, row.key)).filter(
    (cluster) => cluster.name === row.key && cluster.clusterId !== clusterId,
  );
  if (duplicates.length === 0) {
    await ledger.recordDuplicatesGone(row.key);
    return undefined;
  }
  const deletions: string[] = [];
  for (const duplicate of duplicates) deletions.push(await deleteCluster(context, duplicate));
  return notReady(`a second cluster carries our key: ${deletions.join('; ')}`);
}

/** A cluster that was ready a moment ago and is not found now is checked again, not given up. */
async function accessTo({ provider, row }: StepContext, clusterId: string): Promise<CheckedReadiness> {
  let access: ClusterAccess;
  try {
    access = await provider.access(row.region, clusterId, row.call);
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === 'not-found')) throw error;
    return notReady(`${clusterId} was ready and is not found now`);
  }
  return { kind: 'ready', access };
}
