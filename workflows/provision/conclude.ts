import { CancellationScope, CancelledFailure } from '@temporalio/workflow';
import type { ProvisionedCluster, Receipt, TimelineEntry } from '../../contracts/cluster.ts';
import type { ListedCreations } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import type { Plan } from '../../contracts/plan.ts';
import { ledger } from '../activity-options.ts';
import { asApplicationFailure } from '../failures.ts';
import type { End, Progress } from './state.ts';

/**
 * Ends the workflow as the request ended: `ready` completes it, `failed` fails it with the receipt as details,
 * `cancelled` closes it as cancelled.
 */
export async function conclude(
  plan: Plan,
  end: End & { readonly progress: Progress },
  timeline: readonly TimelineEntry[],
): Promise<ProvisionedCluster> {
  switch (end.at) {
    case 'ready': {
      const listed = end.listed ?? (await readListed(plan));
      return provisioned(plan, end, receiptOf(plan, listed, end.progress, timeline));
    }
    case 'failed':
      throw asApplicationFailure(end.failure, receiptOf(plan, end.listed, end.progress, timeline));
    case 'cancelled':
      return closeAsCancelled(plan);
  }
}

function provisioned(plan: Plan, end: Extract<End, { at: 'ready' }>, receipt: Receipt): ProvisionedCluster {
  const { creation } = end;
  return {
    requestId: plan.requestId,
    provider: creation.provider,
    region: creation.region,
    placementIndex: creation.placementIndex,
    access: end.access,
    clusterId: creation.clusterId,
    hourlyMicros: creation.hourlyMicros,
    leaseWorkflowId: leaseWorkflowId(plan.requestId, creation.number),
    leaseUntilMs: creation.leaseUntilMs,
    released: creation.state !== 'leased',
    receipt,
  };
}

const readListed = async ({ requestId }: Plan): Promise<ListedCreations> =>
  CancellationScope.nonCancellable(() => ledger('Read the receipt').readRequest({ requestId }));

const receiptOf = (
  plan: Plan,
  { creations, totals }: ListedCreations,
  { skipped }: Progress,
  timeline: readonly TimelineEntry[],
): Receipt => ({
  requestId: plan.requestId,
  team: plan.team,
  creations,
  creationCount: totals.creations,
  costMicros: totals.costMicros,
  // A placement that was never opened has no creation to take its location from.
  skipped: skipped.map((each) => ({ ...each, ...locationOf(plan, each.placementIndex) })),
  timeline,
});

function locationOf(plan: Plan, placementIndex: number): { provider?: string; region?: string } {
  const placement = plan.placements[placementIndex];
  return placement === undefined ? {} : { provider: placement.provider, region: placement.region };
}

/**
 * Temporal closes a run as cancelled only if somebody asked it to, and a Reset forgets that. A run that learned of the
 * cancel from the ledger therefore asks Temporal itself.
 */
async function closeAsCancelled({ requestId }: Plan): Promise<never> {
  const scope = CancellationScope.current();
  if (!scope.consideredCancelled) {
    await ledger('Close the run as cancelled')
      .cancelWorkflow({ requestId })
      .catch(() => undefined);
    await scope.cancelRequested.catch(() => undefined);
  }
  throw new CancelledFailure('the request was cancelled; nothing of it is left');
}
