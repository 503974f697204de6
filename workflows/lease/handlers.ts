import { CancellationScope, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import type { Creation } from '../../contracts/creation.ts';
import { MESSAGES, type ExtendUpdate, type HintSignal, type ReleaseUpdate } from '../../contracts/messages.ts';
import { asApplicationFailure } from '../failures.ts';
import type { LeaseEvent } from './events.ts';
import { extensionRefusal } from './extension-refusal.ts';
import { extend } from './extension.ts';
import type { LeaseState } from './state.ts';

const releaseUpdate = defineUpdate<{ readonly outcome: 'releasing' }, [ReleaseUpdate]>(MESSAGES.release.name);
const extendUpdate = defineUpdate<Creation, [ExtendUpdate]>(MESSAGES.extend.name);
const hintSignal = defineSignal<[HintSignal]>(MESSAGES.hint.name);

/**
 * Handles the messages of a lease.
 * @param current the lease as it is now
 * @param record takes each event
 */
export function setHandlers(current: () => LeaseState, record: (event: LeaseEvent) => void): void {
  setHandler(
    releaseUpdate,
    (order) => {
      record({ type: 'releaseOrdered', order });
      return { outcome: 'releasing' };
    },
    MESSAGES.release,
  );
  setHandler(
    hintSignal,
    (hint) => {
      record({ type: 'hinted', hint });
    },
    MESSAGES.hint,
  );
  setHandler(extendUpdate, (update) => extend(current().creation, update, record), {
    ...MESSAGES.extend,
    validator: (update: ExtendUpdate) => {
      const refusal = extensionRefusal(current(), update);
      if (refusal !== null) throw asApplicationFailure({ type: 'InvalidRequest', message: refusal });
    },
  });
  // A Temporal cancel of a lease is a release too: the cluster must not stay without an owner.
  void CancellationScope.current().cancelRequested.catch(() => {
    record({ type: 'releaseOrdered', order: { who: 'temporal', why: 'the lease was cancelled' } });
  });
}
