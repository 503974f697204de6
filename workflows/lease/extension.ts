import { CancellationScope } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import type { ExtendUpdate } from '../../contracts/messages.ts';
import { asApplicationFailure } from '../failures.ts';
import type { LeaseEvent } from './events.ts';
import { extendHold } from './ledger-steps.ts';

/**
 * Moves the end of a lease. The money comes first: the end moves only once it is held.
 * @throws BudgetExceeded, or InvalidRequest where the creation is not leased any more
 */
export async function extend(
  { key }: Creation,
  { untilMs, who }: ExtendUpdate,
  record: (event: LeaseEvent) => void,
): Promise<Creation> {
  record({ type: 'extensionStarted' });
  try {
    const summary = `Hold the money of ${key} until ${new Date(untilMs).toISOString()}`;
    const hold = await CancellationScope.nonCancellable(() => extendHold(key, untilMs, who, summary));
    switch (hold.type) {
      case 'held':
        record(hold);
        return hold.creation;
      case 'holdRefused': {
        // A refused extension changes nothing: the present end is still funded.
        const message = `the team's budget has no room to extend ${key}`;
        throw asApplicationFailure({ type: 'BudgetExceeded', message });
      }
      case 'notLeased':
        record(hold);
        throw asApplicationFailure({ type: 'InvalidRequest', message: `${key} is not leased any more` });
    }
  } finally {
    record({ type: 'extensionEnded' });
  }
}
