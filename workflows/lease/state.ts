import type { Creation } from '../../contracts/creation.ts';
import { LEASE_RUN_MS } from '../../contracts/limits.ts';
import type { HintSignal, ReleaseUpdate } from '../../contracts/messages.ts';

/** What a lease knows. Times are ms since the epoch. */
export interface LeaseState {
  /** As the ledger last answered it. */
  readonly creation: Creation;
  /** False where the ledger has no row of the lease: it may have been restored from an older backup. */
  readonly inLedger: boolean;
  /** When the ledger last showed the row; 0 before this run has read it. */
  readonly lastRowReadAtMs: number;
  /** When to read the row again; null for not. */
  readonly nextRowReadAtMs: number | null;
  /** The latest end that this lease ever had. Its users count on it, also after a restore of the ledger. */
  readonly promisedUntilMs: number;
  /** The first order to release the lease. */
  readonly releaseOrder: ReleaseUpdate | null;
  /** The release has started, and nothing leads back. */
  readonly closing: boolean;
  /** Extensions whose money is being held. */
  readonly openExtensions: number;
  readonly inspection: NextInspection;
  readonly move: ExpiryMove;
  /** When money was last refused; null since some was held. */
  readonly refusedAtMs: number | null;
  readonly warnings: Warnings;
  /** When to continue in a new run. */
  readonly nextRunAtMs: number;
  readonly trouble: Trouble;
}

/** The next inspection of the cluster. */
export interface NextInspection {
  readonly nextAtMs: number;
  readonly underWay: boolean;
  /** What the monitor saw; null once it is confirmed or no recheck is left. */
  readonly hint: HintSignal['observed'] | null;
  /** Inspections since the last confirmed hint that confirmed nothing. */
  readonly rechecks: number;
}

/** Moves of the provider's own expiry. */
export interface ExpiryMove {
  /** Null while there is nothing to move. */
  readonly nextAtMs: number | null;
  readonly underWay: boolean;
}

/** Warnings of a near end. One run passes them on to the next. */
export interface Warnings {
  /** Warnings that were due up to then are given, or were due before the lease began. */
  readonly givenUntilMs: number;
  /** How long before the end the last warning came, ms; null where none came, or the end has moved away since. */
  readonly aheadMs: number | null;
}

/** Why the last steps at the provider failed; each is null where its last step succeeded. */
export interface Trouble {
  readonly inspection: string | null;
  readonly move: string | null;
}

/** What one run passes on to the next, which reads everything else again. */
export interface CarriedOver {
  /** Its end is the promised one, which the ledger may have lost. */
  readonly creation: Creation;
  readonly warnings: Warnings;
  /** An order that could not be carried out yet, because the ledger had no row of the lease. */
  readonly releaseOrder: ReleaseUpdate | null;
}

/** What a run starts with: the creation alone in the first run of a lease. */
export type LeaseInput = Pick<CarriedOver, 'creation'> & Partial<CarriedOver>;

/**
 * A lease at the start of a run. It reads its row, inspects its cluster and moves the provider's expiry, whatever an
 * earlier run has left undone.
 */
export const initialState = ({ creation, warnings, releaseOrder }: LeaseInput, nowMs: number): LeaseState => ({
  creation,
  inLedger: true,
  lastRowReadAtMs: 0,
  nextRowReadAtMs: nowMs,
  promisedUntilMs: creation.leaseUntilMs ?? 0,
  releaseOrder: releaseOrder ?? null,
  closing: false,
  openExtensions: 0,
  inspection: { nextAtMs: nowMs, underWay: false, hint: null, rechecks: 0 },
  move: { nextAtMs: creation.terms.vendorExpiry ? nowMs : null, underWay: false },
  refusedAtMs: null,
  warnings: warnings ?? { givenUntilMs: nowMs, aheadMs: null },
  nextRunAtMs: nowMs + LEASE_RUN_MS,
  trouble: { inspection: null, move: null },
});

/** What the next run needs of this one. */
export const carryOver = ({ creation, promisedUntilMs, warnings, releaseOrder }: LeaseState): CarriedOver => ({
  creation: { ...creation, leaseUntilMs: promisedUntilMs },
  warnings,
  releaseOrder,
});

/** End of the funded time by the row, ms since the epoch. */
export const fundedUntilMs = ({ creation }: LeaseState): number => creation.leaseUntilMs ?? 0;

/** Whether the row ends before the promised end: the ledger was restored from a backup from before an extension or a slice. */
export const isLedgerBehind = (state: LeaseState): boolean => fundedUntilMs(state) < state.promisedUntilMs;

/** Whether the lease has no end and is funded slice by slice. */
export const isOpenEnded = ({ creation }: LeaseState): boolean => creation.terms.durationMs === null;

/** Whether the cluster is confirmed to have failed or vanished. */
export const isBroken = ({ creation }: LeaseState): boolean =>
  creation.condition === 'failed' || creation.condition === 'gone';

/** Whether the lease has lived past the time that its holds pay for. */
export const isOverdue = (state: LeaseState): boolean =>
  state.refusedAtMs !== null && state.refusedAtMs >= state.promisedUntilMs;
