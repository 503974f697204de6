import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  log,
  workflowInfo,
} from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import { closeLease } from './close.ts';
import { decide } from './decide.ts';
import type { LeaseEvent } from './events.ts';
import { setHandlers } from './handlers.ts';
import { holdMoney, readRow } from './ledger-steps.ts';
import { nextAction, type LeaseAction } from './next-action.ts';
import { LeasePage } from './page.ts';
import { ProviderSteps } from './provider-steps.ts';
import { carryOver, initialState, type LeaseInput, type LeaseState } from './state.ts';

/**
 * Owns a ready cluster until it is released, its time or its money is over, or its policy gives it up as broken. Then it
 * deletes the cluster, with proof, and books its cost.
 *
 * A run continues in a new one each LEASE_RUN_MS, or when its history has grown long. So histories stay short, and a
 * lease of a year runs new code a day after it is deployed.
 */
export async function leaseCluster(input: LeaseInput): Promise<Creation> {
  let state = initialState(input, Date.now());
  const record = (event: LeaseEvent): void => {
    state = decide(state, event, Date.now());
  };
  setHandlers(() => state, record);
  const page = new LeasePage();
  const provider = new ProviderSteps(record);
  // From here on a cancel is an order to release, like any other.
  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      page.show(state);
      const action = endLongHistory(nextAction(state, Date.now()), state);
      switch (action.do) {
        case 'read-row':
          record(await readRow(state.creation));
          break;
        case 'close':
          record({ type: 'closeStarted' });
          provider.stop();
          return closeLease(() => state, action, page);
        case 'warn':
          record(warn(state, action.aheadMs));
          break;
        case 'hold-money':
          record(warnIfRefused(state, await holdMoney(state.creation, action.untilMs)));
          break;
        case 'move-expiry':
          provider.moveExpiry(state.creation);
          break;
        case 'inspect':
          provider.inspect(state.creation);
          break;
        case 'continue-as-new':
          // A message that is being handled now may change what the next run has to know.
          if (allHandlersFinished()) await continueAsNew<typeof leaseCluster>(carryOver(state));
          await condition(allHandlersFinished);
          break;
        case 'wait': {
          const before = state;
          await conditionUntil(() => state !== before || isHistoryLong(state), action.untilMs);
          break;
        }
      }
    }
  });
}

function warn({ creation: { key, requestId }, promisedUntilMs }: LeaseState, aheadMs: number): LeaseEvent {
  log.warn('a lease ends soon', { key, requestId, endsAtMs: promisedUntilMs, aheadMs });
  return { type: 'warned', aheadMs };
}

function warnIfRefused({ creation: { key, requestId } }: LeaseState, event: LeaseEvent): LeaseEvent {
  if (event.type === 'holdRefused') {
    log.warn('the next slice of a lease has no room in the budget', { key, requestId });
  }
  return event;
}

/** A run with a long history continues in a new one as soon as there is nothing else to do. */
const endLongHistory = (action: LeaseAction, state: LeaseState): LeaseAction =>
  action.do === 'wait' && isHistoryLong(state) ? { do: 'continue-as-new' } : action;

/** An open extension keeps its run, because that run must answer it. */
const isHistoryLong = ({ openExtensions }: LeaseState): boolean =>
  workflowInfo().continueAsNewSuggested && openExtensions === 0;

/** Waits for a condition, at most until a time. This is the one timer of a lease. */
async function conditionUntil(isMet: () => boolean, untilMs: number): Promise<void> {
  if (Number.isFinite(untilMs)) await condition(isMet, Math.max(1, Math.ceil(untilMs - Date.now())));
  else await condition(isMet);
}
