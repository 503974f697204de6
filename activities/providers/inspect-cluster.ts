import type { Inspection } from '../../contracts/activities.ts';
import type { Observation } from '../../contracts/cluster.ts';
import type { Condition } from '../../contracts/creation.ts';
import { MAX_VENDOR_TEXT, VISIBILITY_GRACE_MS } from '../../contracts/limits.ts';
import { repeatedReadsMiss } from './absence.ts';
import { recordBilledPrice } from './booking.ts';
import type { StepContext } from './step-context.ts';

/** The result of the step; the activity adds how long to wait for a hint. */
export type Inspected = Omit<Inspection, 'fallbackMs'>;

/** Checks a leased cluster once, and records its condition when it has changed. */
export async function inspectCluster(context: StepContext, clusterId: string): Promise<Inspected> {
  const { provider, ledger, row } = context;
  if (row.state !== 'leased') return { condition: 'closing', detail: `the creation is ${row.state}` };
  if (row.clusterId !== clusterId) {
    return { condition: 'closing', detail: `the lease is of ${row.clusterId ?? 'no cluster'}, not of ${clusterId}` };
  }

  const observation = await provider.observe(row.region, clusterId, row.call);
  await recordBilledPrice(context, observation.hourlyMicros);
  const inspected =
    observation.state === 'gone'
      ? await whenMissing(context, clusterId)
      : { condition: conditionOf(observation), detail: detailOf(observation) };
  // The provider's words change more often than the condition. Only a new condition is written to the row.
  if (inspected.condition === row.condition) return inspected;
  const state = await ledger.recordCondition(row.key, inspected.condition, inspected.detail);
  return state === 'leased' ? inspected : { condition: 'closing', detail: `the creation is ${state}` };
}

/**
 * The condition of a leased cluster. The nodes count for more than the provider's word: a cluster that is being updated may
 * have all its nodes, and one that the provider calls failed may have some that are in use. A cluster that is being deleted
 * has failed, whatever its nodes. The word `degraded` counts: the provider knows which nodes are missing.
 */
export function conditionOf({ state, nodesInService, nodesWanted }: Observation): Condition {
  if (state === 'deleting' || (state === 'failed' && nodesInService === 0)) return 'failed';
  return state === 'failed' || state === 'degraded' || nodesInService < nodesWanted ? 'degraded' : 'ready';
}

const detailOf = ({ detail, nodesInService, nodesWanted }: Observation): string =>
  `${nodesInService} of ${nodesWanted} nodes in service: ${detail}`.slice(0, MAX_VENDOR_TEXT);

/** One read that misses a cluster is no proof. Until there is a proof, the condition stays as recorded. */
async function whenMissing(context: StepContext, clusterId: string): Promise<{ condition: Condition; detail: string }> {
  const { row, timing } = context;
  // The cluster is older than its lease. A new one may not show everywhere yet.
  const leasedForMs = row.nowMs - (row.leasedAtMs ?? row.openedAtMs);
  if (leasedForMs > VISIBILITY_GRACE_MS / timing.speed && (await isProvenGone(context, clusterId))) {
    return { condition: 'gone', detail: `${clusterId} has vanished` };
  }
  return { condition: row.condition ?? 'ready', detail: `${clusterId} does not show, which is not confirmed yet` };
}

/**
 * Whether pairs of list and get in a row, with pauses, all miss this cluster. It is looked for by its id: a late cluster may
 * carry its key, or another owner's cluster its name. A container that has lost all of its nodes counts as gone.
 */
const isProvenGone = ({ provider, row, timing }: StepContext, clusterId: string): Promise<boolean> =>
  repeatedReadsMiss(timing, async () => {
    const listed = await provider.list(row.region, row.key);
    if (listed.some((cluster) => cluster.clusterId === clusterId && cluster.partial !== true)) return false;
    return (await provider.observe(row.region, clusterId, row.call)).state === 'gone';
  });
