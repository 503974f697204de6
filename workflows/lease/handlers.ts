import { CancellationScope, setHandler } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import { MESSAGES, type ExtendUpdate } from '../../contracts/messages.ts';
import { asApplicationFailure } from '../failures.ts';
import { whyNotExtended } from './extension.ts';
import { holdUntil } from './hold.ts';
import { extendUpdate, hintSignal, releaseSignal, releaseUpdate } from './messages.ts';
import type { Event, LeaseState } from './state.ts';

/**
 * Sets up what a lease understands.
 * @param now the lease as it is at the moment
 * @param tell takes what came to it
 */
export function listen(now: () => LeaseState, tell: (event: Event) => void): void {
  setHandler(
    releaseSignal,
    (order) => {
      tell({ type: 'ordered', order });
    },
    MESSAGES.release,
  );
  setHandler(
    releaseUpdate,
    (order) => {
      tell({ type: 'ordered', order });
      return { outcome: 'releasing' };
    },
    MESSAGES.release,
  );
  setHandler(
    hintSignal,
    (hint) => {
      tell({ type: 'hinted', hint });
    },
    MESSAGES.hint,
  );
  setHandler(extendUpdate, (update) => extended(now(), update, tell), {
    ...MESSAGES.extend,
    validator: (update: ExtendUpdate) => {
      const why = whyNotExtended(now(), update);
      if (why !== null) throw asApplicationFailure({ type: 'InvalidRequest', message: why });
    },
  });
  // A Temporal cancel of a lease is a release too: the cluster must not stay without an owner.
  void CancellationScope.current().cancelRequested.catch(() => {
    tell({ type: 'ordered', order: { who: 'temporal', why: 'the lease was cancelled' } });
  });
}

/** Money first: the end moves only once it is held. */
async function extended(
  { creation: { key } }: LeaseState,
  { untilMs, who }: ExtendUpdate,
  tell: (event: Event) => void,
): Promise<Creation> {
  tell({ type: 'extending' });
  try {
    const summary = `Hold the money of ${key} until ${new Date(untilMs).toISOString()}`;
    const hold = await CancellationScope.nonCancellable(() => holdUntil(key, untilMs, who, summary));
    if (hold.creation !== null) {
      tell({ type: 'held', creation: hold.creation });
      return hold.creation;
    }
    if (hold.why === 'no-room') {
      const message = `the team's budget has no room to extend ${key}`;
      throw asApplicationFailure({ type: 'BudgetExceeded', message });
    }
    tell({ type: 'notLeased' });
    throw asApplicationFailure({ type: 'InvalidRequest', message: `${key} is not leased any more` });
  } finally {
    tell({ type: 'extendingOver' });
  }
}
