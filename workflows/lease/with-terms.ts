import { allHandlersFinished, CancellationScope, condition, log, workflowInfo } from '@temporalio/workflow';
import type { Creation, LeaseTerms } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { ledger } from '../activity-options.ts';
import { AtProvider } from './at-provider.ts';
import { decide } from './decide.ts';
import { due } from './due.ts';
import { closeLease } from './ending.ts';
import { listen } from './handlers.ts';
import { holdUntil } from './hold.ts';
import { Page } from './page.ts';
import { atTheStart, carryOver, type Act, type CarriedOver, type Event, type LeaseState } from './state.ts';

/** How a run of a lease ends: with its creation's end, or so that another run goes on. */
export type RunEnd = { readonly ended: Creation } | { readonly next: CarriedOver };

/** Owns a ready cluster, until something ends the lease: then deletes it, with proof, and books its cost. */
export async function leaseWithTerms(carried: CarriedOver, terms: LeaseTerms): Promise<RunEnd> {
  let life = atTheStart(carried, terms, Date.now());
  const tell = (event: Event): void => {
    life = decide(life, event, Date.now());
  };
  listen(() => life, tell);
  // From here on a cancel is an order like any other.
  return CancellationScope.nonCancellable(async () => {
    const page = new Page();
    const provider = new AtProvider(tell);
    for (;;) {
      page.show(life);
      const act = restSooner(due(life, Date.now()), life);
      switch (act.do) {
        case 'close':
          tell({ type: 'closing' });
          provider.stop();
          return { ended: await closeLease(life, act, () => life.order !== null, page) };
        case 'rest':
          // What comes in this very moment is not in the next run's memory.
          if (!allHandlersFinished()) await condition(allHandlersFinished);
          else return { next: carryOver(life) };
          break;
        case 'wait': {
          const before = life;
          await untilTrue(() => life !== before || hasGrownLong(life), act.untilMs);
          break;
        }
        case 'look':
          provider.look(life.creation);
          break;
        case 'move':
          provider.move(life.creation);
          break;
        default:
          tell(await perform(life, act));
      }
    }
  });
}

/** Steps that the lease waits for: at the ledger, without which it could not end either, or none at all. */
async function perform(life: LeaseState, act: Extract<Act, { do: 'read' | 'fund' | 'warn' }>): Promise<Event> {
  const { key, requestId, number } = life.creation;
  switch (act.do) {
    case 'read': {
      const { creations } = await ledger('Read what stands').readRequest({ requestId, key });
      return { type: 'read', creation: creations?.find((each) => each.key === key) ?? null };
    }
    case 'fund': {
      const summary = `Hold the next slice, until ${new Date(act.untilMs).toISOString()}`;
      const hold = await holdUntil(key, act.untilMs, leaseWorkflowId(requestId, number), summary);
      if (hold.creation !== null) return { type: 'held', creation: hold.creation };
      if (hold.why === 'not-leased') return { type: 'notLeased' };
      log.warn('the next slice of a lease has no room in the budget', { key, requestId });
      return { type: 'unfunded' };
    }
    case 'warn':
      log.warn('a lease ends soon', { key, requestId, endsAtMs: life.promisedUntilMs, aheadMs: act.aheadMs });
      return { type: 'warned', aheadMs: act.aheadMs };
  }
}

/** A history that has grown long is left behind as soon as there is nothing to do. */
const restSooner = (act: Act, life: LeaseState): Act =>
  act.do === 'wait' && hasGrownLong(life) ? { do: 'rest' } : act;

/** Whether a new run is due for the history's sake, and nothing is only in this one's memory. */
const hasGrownLong = ({ extending }: LeaseState): boolean => workflowInfo().continueAsNewSuggested && extending === 0;

/** The one timer of a lease. */
async function untilTrue(something: () => boolean, untilMs: number): Promise<void> {
  if (Number.isFinite(untilMs)) await condition(something, Math.max(1, Math.ceil(untilMs - Date.now())));
  else await condition(something);
}
