import {
  CancellationScope,
  CancelledFailure,
  continueAsNew,
  defineQuery,
  defineSignal,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ProvisionedCluster, Receipt } from '../../contracts/cluster.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { MESSAGES, type HintSignal, type RequestStatus } from '../../contracts/messages.ts';
import type { Creation, Totals } from '../../contracts/creation.ts';
import type { Plan } from '../../contracts/plan.ts';
import { common, ledger } from '../activity-options.ts';
import { asApplicationFailure, failureOf } from '../failures.ts';
import { decide } from './decide.ts';
import { Hints } from './hints.ts';
import { Page } from './page.ts';
import { isEnd, initialProgress, type End, type Event, type State } from './state.ts';
import { perform } from './steps.ts';

const statusQuery = defineQuery<RequestStatus | null>(MESSAGES.status.name);
const hintSignal = defineSignal<[HintSignal]>(MESSAGES.hint.name);

/** One request, from what a caller asked to a leased cluster, or to the proof that nothing is left of it. */
export async function provisionCluster(request: unknown): Promise<ProvisionedCluster> {
  let shown: RequestStatus | null = null;
  setHandler(statusQuery, () => shown, MESSAGES.status);
  const hints = new Hints();
  setHandler(
    hintSignal,
    (hint) => {
      hints.take(hint);
    },
    MESSAGES.hint,
  );

  const plan = await planRequest(request);
  const page = new Page();
  let state = atTheStart(plan);
  shown = page.show(plan, state);

  // Once a cancel was met, what follows is no longer interrupted by it.
  let cancelMet = false;
  while (!isEnd(state)) {
    const { progress } = state;
    const step = state;
    const run = (): Promise<Event> => perform(plan, progress, step, hints);
    const event: Event = cancelMet ? await CancellationScope.nonCancellable(run) : await run();
    cancelMet ||= event.type === 'cancelRequested';
    // Nothing stands between two rounds, so a history that has grown long goes on in a new run, which plans anew.
    if (event.type === 'pauseOver' && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof provisionCluster>(request);
    }
    state = decide(state, event);
    log.info('request moved', { requestId: plan.requestId, from: step.at, event: event.type, to: state.at });
    shown = page.show(plan, state);
  }
  return conclude(plan, state, page);
}

/** Parses and prices. Nothing is reserved yet, so its failure ends the request as it is. */
async function planRequest(request: unknown): Promise<Plan> {
  try {
    return await common('Check and price the request').plan(request);
  } catch (error) {
    throw asApplicationFailure(failureOf(error));
  }
}

const atTheStart = (plan: Plan): State => ({ at: 'opening', progress: initialProgress(plan) });

/** Ready completes the workflow; failed fails it with the receipt as details; cancelled closes it as cancelled. */
async function conclude(plan: Plan, end: End & Pick<State, 'progress'>, page: Page): Promise<ProvisionedCluster> {
  switch (end.at) {
    case 'ready':
      return provisioned(plan, end, receiptOf(plan, listed(end) ?? (await creationsOf(plan)), end, page));
    case 'failed':
      throw asApplicationFailure(end.failure, receiptOf(plan, end, end, page));
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

/** Creations of a request as the ledger lists them. */
interface Listed {
  readonly creations: readonly Creation[];
  readonly totals?: Totals | undefined;
}

const listed = ({ creations, totals }: Extract<End, { at: 'ready' }>): Listed | null =>
  creations === null ? null : { creations, totals };

const creationsOf = async (plan: Plan): Promise<Listed> =>
  CancellationScope.nonCancellable(async () => {
    const { creations, totals } = await ledger('Read the receipt').readRequest({ requestId: plan.requestId });
    return { creations: creations ?? [], totals };
  });

/** A placement that was never opened has no creation to tell where it was. */
const locationOf = (plan: Plan, placementIndex: number): { provider?: string; region?: string } => {
  const placement = plan.placements[placementIndex];
  return placement === undefined ? {} : { provider: placement.provider, region: placement.region };
};

const receiptOf = (plan: Plan, { creations, totals }: Listed, end: Pick<State, 'progress'>, page: Page): Receipt => ({
  requestId: plan.requestId,
  team: plan.team,
  creations,
  ...(totals === undefined ? {} : { creationCount: totals.creations }),
  costMicros: totals?.costMicros ?? creations.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0),
  skipped: end.progress.skipped.map((each) => ({ ...each, ...locationOf(plan, each.placementIndex) })),
  timeline: page.timeline,
});

/**
 * Temporal closes a run as cancelled only if it was asked to cancel, and a Reset forgets that it was: a run that
 * learnt of the cancel from the ledger asks itself.
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
