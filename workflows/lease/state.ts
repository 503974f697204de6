import type { Inspection } from '../../contracts/activities.ts';
import type { Creation, LeaseTerms } from '../../contracts/creation.ts';
import type { ClosingReason, Failure } from '../../contracts/failures.ts';
import { LEASE_RUN_MS } from '../../contracts/limits.ts';
import type { HintSignal, ReleaseSignal } from '../../contracts/messages.ts';

/** What a lease knows. Times in ms since the epoch; all else is read again from the ledger by each run. */
export interface LeaseState {
  /** As the ledger last told it. */
  readonly creation: Creation;
  readonly terms: LeaseTerms;
  /** False where the ledger does not know of the lease: it may have been restored from an older backup. */
  readonly inLedger: boolean;
  /** When the ledger last showed the row as leased or later; 0 before the first time. */
  readonly rowSeenAtMs: number;
  /** The latest end that it has known: whoever uses the cluster counts on it, also where the ledger was set back. */
  readonly promisedUntilMs: number;
  /** When to read the ledger's row; null for not again. */
  readonly readAtMs: number | null;
  /** Who ordered its end, and why. */
  readonly order: ReleaseSignal | null;
  /** It is being released, and nothing leads back. */
  readonly closing: boolean;
  /** Extensions whose money is being held. */
  readonly extending: number;
  readonly look: Looking;
  readonly move: Moving;
  /** When the next slice was last refused; null since the last one was held. */
  readonly refusedAtMs: number | null;
  readonly warned: Warned;
  /** When to go on in a new run. */
  readonly nextRunAtMs: number;
  readonly trouble: Trouble;
}

/** Its looks at the cluster. */
export interface Looking {
  readonly atMs: number;
  readonly underWay: boolean;
  /** What the monitor saw, until it is confirmed or given up. */
  readonly hint: HintSignal['observed'] | null;
  /** Looks that confirmed nothing, since one last did. */
  readonly rechecks: number;
}

/** Moving the provider's own expiry along. */
export interface Moving {
  /** Null while there is nothing to move. */
  readonly atMs: number | null;
  readonly underWay: boolean;
}

/** Why its last steps at the provider failed, each null where it did not. */
export interface Trouble {
  readonly look: string | null;
  readonly move: string | null;
}

export const NO_TROUBLE: Trouble = { look: null, move: null };

/** Its warnings, which one run hands on to the next. */
export interface Warned {
  /** Warnings that were due up to then have been given, or came before its time. */
  readonly untilMs: number;
  /** How long ahead of the end the last one was, ms; null where none was, or where the end has moved away since. */
  readonly aheadMs: number | null;
}

/** What a lease does next. */
export type Act =
  | { readonly do: 'read' }
  | { readonly do: 'close'; readonly why: ClosingReason; readonly message: string }
  | { readonly do: 'warn'; readonly aheadMs: number }
  | { readonly do: 'fund'; readonly untilMs: number }
  | { readonly do: 'move' }
  | { readonly do: 'look' }
  | { readonly do: 'rest' }
  | { readonly do: 'wait'; readonly untilMs: number };

/** What comes to a lease. */
export type Event =
  | { readonly type: 'read'; readonly creation: Creation | null }
  | { readonly type: 'ordered'; readonly order: ReleaseSignal }
  | { readonly type: 'closing' }
  | { readonly type: 'hinted'; readonly hint: HintSignal }
  | { readonly type: 'looking' }
  | { readonly type: 'looked'; readonly seen: Inspection }
  | { readonly type: 'lookFailed'; readonly failure: Failure }
  | { readonly type: 'moving' }
  | { readonly type: 'moved' }
  | { readonly type: 'moveFailed'; readonly failure: Failure }
  | { readonly type: 'warned'; readonly aheadMs: number }
  | { readonly type: 'held'; readonly creation: Creation }
  | { readonly type: 'unfunded' }
  | { readonly type: 'notLeased' }
  | { readonly type: 'extending' }
  | { readonly type: 'extendingOver' };

/** What one run hands on to the next; all else is read anew. */
export interface CarriedOver {
  /** As last known. Its end is the one that is owed, which the ledger may have forgotten. */
  readonly creation: Creation;
  readonly warned: Warned | null;
  /** An order that nothing could be done about yet: the ledger did not know the lease. */
  readonly order: ReleaseSignal | null;
}

/**
 * A lease at the start of a run: it reads its row, looks at its cluster, and moves the provider's expiry along, whatever
 * an earlier run has left undone.
 */
export const atTheStart = ({ creation, warned, order }: CarriedOver, terms: LeaseTerms, nowMs: number): LeaseState => ({
  creation,
  terms,
  inLedger: true,
  rowSeenAtMs: 0,
  promisedUntilMs: creation.leaseUntilMs ?? 0,
  readAtMs: nowMs,
  order,
  closing: false,
  extending: 0,
  look: { atMs: nowMs, underWay: false, hint: null, rechecks: 0 },
  move: { atMs: terms.vendorExpiry ? nowMs : null, underWay: false },
  refusedAtMs: null,
  warned: warned ?? { untilMs: nowMs, aheadMs: null },
  nextRunAtMs: nowMs + LEASE_RUN_MS,
  trouble: NO_TROUBLE,
});

/** What the next run needs of this one. */
export const carryOver = ({ creation, promisedUntilMs, warned, order }: LeaseState): CarriedOver => ({
  creation: { ...creation, leaseUntilMs: promisedUntilMs },
  warned,
  order,
});

/** End of the funded time by its row, ms since the epoch. */
export const fundedUntilMs = ({ creation }: LeaseState): number => creation.leaseUntilMs ?? 0;

/** Whether its row ends before what it owes: the ledger was set back to before an extension, or a slice. */
export const isLedgerBehind = (life: LeaseState): boolean => fundedUntilMs(life) < life.promisedUntilMs;

/** Whether the lease has no end, and is funded slice by slice. */
export const isOpenEnded = ({ terms }: LeaseState): boolean => terms.durationMs === null;

/** Whether the cluster was confirmed to have failed or vanished. */
export const isBroken = ({ creation }: LeaseState): boolean =>
  creation.condition === 'failed' || creation.condition === 'gone';

/** Whether time has passed that nothing was held for. */
export const isOverdue = (life: LeaseState): boolean =>
  life.refusedAtMs !== null && life.refusedAtMs >= life.promisedUntilMs;
