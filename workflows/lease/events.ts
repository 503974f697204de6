import type { Inspection } from '../../contracts/activities.ts';
import type { Creation } from '../../contracts/creation.ts';
import type { Failure } from '../../contracts/failures.ts';
import type { HintSignal, ReleaseUpdate } from '../../contracts/messages.ts';

/** What happens to a lease. */
export type LeaseEvent =
  /** The ledger has answered with the row, or with null where it has none. */
  | { readonly type: 'rowRead'; readonly creation: Creation | null }
  | { readonly type: 'releaseOrdered'; readonly order: ReleaseUpdate }
  | { readonly type: 'closeStarted' }
  | { readonly type: 'hinted'; readonly hint: HintSignal }
  | { readonly type: 'inspectionStarted' }
  | { readonly type: 'inspected'; readonly seen: Inspection }
  | { readonly type: 'inspectionFailed'; readonly failure: Failure }
  | { readonly type: 'moveStarted' }
  | { readonly type: 'moved' }
  | { readonly type: 'moveFailed'; readonly failure: Failure }
  | { readonly type: 'warned'; readonly aheadMs: number }
  /** More money is held, for a slice or for an extension. */
  | { readonly type: 'held'; readonly creation: Creation }
  /** The budget has no room for more. */
  | { readonly type: 'holdRefused' }
  /** The ledger says that the creation is not leased. */
  | { readonly type: 'notLeased' }
  | { readonly type: 'extensionStarted' }
  | { readonly type: 'extensionEnded' };
