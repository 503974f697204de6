import type { ClosingReason } from '../../contracts/failures.ts';
import { FUND_AHEAD_MS, FUND_RETRY_MS, LEASE_WARNINGS_MS } from '../../contracts/limits.ts';
import { isBroken, isLedgerBehind, isOpenEnded, isOverdue, type LeaseState } from './state.ts';

/** What a lease does next. */
export type LeaseAction =
  | { readonly do: 'read-row' }
  | { readonly do: 'close'; readonly why: ClosingReason; readonly message: string }
  | { readonly do: 'warn'; readonly aheadMs: number }
  | { readonly do: 'hold-money'; readonly untilMs: number }
  | { readonly do: 'move-expiry' }
  | { readonly do: 'inspect' }
  | { readonly do: 'continue-as-new' }
  | { readonly do: 'wait'; readonly untilMs: number };

type WaitingAction = Extract<LeaseAction, { do: 'wait' }>;

/** A row read less than this long ago counts as existing when only its existence is asked, ms (policy). */
const ROW_FRESH_MS = 60_000;

/** An action, and when it is due. */
interface Entry {
  readonly atMs: number;
  readonly action: Exclude<LeaseAction, WaitingAction>;
}

/** What a lease does now: the first entry of its agenda that is due, or else it waits for the earliest one. */
export function nextAction(state: LeaseState, nowMs: number): LeaseAction {
  const entries = agenda(state, nowMs);
  const first = entries.find(({ atMs }) => atMs <= nowMs);
  return first?.action ?? { do: 'wait', untilMs: Math.min(...entries.map(({ atMs }) => atMs)) };
}

/** Everything that is to be done. Where several entries are due, the first one goes first. */
function agenda(state: LeaseState, nowMs: number): readonly Entry[] {
  // Without its row a lease can neither close nor hold money nor inspect its cluster: it keeps everything and reads again.
  if (!state.inLedger) return [...readRow(state), ...continueAsNew(state)];
  return [
    ...readRow(state),
    ...close(state, nowMs),
    ...warn(state),
    ...holdMoney(state, nowMs),
    ...moveExpiry(state),
    ...inspect(state),
    ...continueAsNew(state),
  ];
}

const readRow = ({ nextRowReadAtMs }: LeaseState): readonly Entry[] =>
  nextRowReadAtMs === null ? [] : [{ atMs: nextRowReadAtMs, action: { do: 'read-row' } }];

/**
 * Whatever closes the lease, at once or at its end. The row is read first, unless that has just happened: without a row
 * nothing can be closed, and after a reset the ledger may know of more time or money than this run does.
 */
function close(state: LeaseState, nowMs: number): readonly Entry[] {
  const { creation, releaseOrder } = state;
  const { terms } = creation;
  const closeFor = (
    why: ClosingReason,
    message: string,
    { atMs = 0, rowReadSinceMs = nowMs - ROW_FRESH_MS } = {},
  ): readonly Entry[] => [
    { atMs, action: state.lastRowReadAtMs >= rowReadSinceMs ? { do: 'close', why, message } : { do: 'read-row' } },
  ];
  if (creation.state !== 'leased') return closeFor('Released', 'an earlier run has started the release');
  if (releaseOrder !== null) {
    return closeFor('Released', `released by ${releaseOrder.who}${releaseOrder.why && `: ${releaseOrder.why}`}`);
  }
  if (isBroken(state) && terms.onBroken !== 'park') {
    const what = creation.condition === 'gone' ? 'has vanished' : 'has failed';
    return closeFor('Broken', `the cluster ${what}: ${creation.conditionText ?? ''}`);
  }
  if (isOpenEnded(state)) {
    // Compares the refusal with the end, not with the clock: money that was held in time counts.
    return isOverdue(state) && terms.onUnfunded === 'release'
      ? closeFor('Unfunded', 'its funded time is over, and the budget has no room for more', {
          rowReadSinceMs: state.refusedAtMs ?? 0,
        })
      : [];
  }
  // An extension that the ledger has not answered yet may move the end.
  if (state.openExtensions > 0) return [];
  const endMs = state.promisedUntilMs;
  return closeFor('LeaseEnded', 'its time is over', { atMs: endMs, rowReadSinceMs: endMs });
}

/** The next warning of a near end. */
function warn(state: LeaseState): readonly Entry[] {
  if (isOpenEnded(state)) return [];
  return LEASE_WARNINGS_MS.map((aheadMs) => ({
    atMs: state.promisedUntilMs - aheadMs,
    action: { do: 'warn', aheadMs } as const,
  }))
    .filter(({ atMs }) => atMs > state.warnings.givenUntilMs)
    .sort((a, b) => a.atMs - b.atMs)
    .slice(0, 1);
}

/**
 * Money that the row lacks for the promised end is asked for at once, the next slice ahead of time. A refused hold
 * is tried again after a pause; for a slice also exactly at the end. A failed cluster costs as before; a vanished one costs nothing.
 */
function holdMoney(state: LeaseState, nowMs: number): readonly Entry[] {
  const { creation, refusedAtMs, promisedUntilMs: endMs } = state;
  if (creation.condition === 'gone') return [];
  const lacksPromised = isLedgerBehind(state) && nowMs < endMs;
  if (!isOpenEnded(state) && !lacksPromised) return [];
  const { sliceMs } = creation.terms;
  const aheadMs = Math.min(FUND_AHEAD_MS, sliceMs / 4);
  const retryMs = Math.min(FUND_RETRY_MS, aheadMs);
  // The hold reaches from the row's end to the new one, so it also pays for time that has passed unfunded.
  const action = { do: 'hold-money', untilMs: lacksPromised ? endMs : Math.max(endMs, nowMs) + sliceMs } as const;
  if (refusedAtMs === null) return [{ atMs: lacksPromised ? 0 : endMs - aheadMs, action }];
  return [{ atMs: refusedAtMs < endMs ? Math.min(refusedAtMs + retryMs, endMs) : refusedAtMs + retryMs, action }];
}

const moveExpiry = ({ move, creation }: LeaseState): readonly Entry[] =>
  move.nextAtMs === null || move.underWay || creation.condition === 'gone'
    ? []
    : [{ atMs: move.nextAtMs, action: { do: 'move-expiry' } }];

const inspect = (state: LeaseState): readonly Entry[] =>
  state.inspection.underWay ? [] : [{ atMs: state.inspection.nextAtMs, action: { do: 'inspect' } }];

/** Not while an extension is open: the run that took it must answer it. */
const continueAsNew = ({ nextRunAtMs, openExtensions }: LeaseState): readonly Entry[] =>
  openExtensions === 0 ? [{ atMs: nextRunAtMs, action: { do: 'continue-as-new' } }] : [];
