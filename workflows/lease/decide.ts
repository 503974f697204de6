import type { Inspection } from '../../contracts/activities.ts';
import type { Creation } from '../../contracts/creation.ts';
import type { Failure } from '../../contracts/failures.ts';
import { FALLBACK_JITTER, FALLBACK_UNMONITORED_MS, LEASE_INSPECTION_MS } from '../../contracts/limits.ts';
import type { HintSignal } from '../../contracts/messages.ts';
import { EXPIRY_MARGIN_MS } from '../../contracts/opening.ts';
import { recheckDelayMs } from '../recheck-delay.ts';
import type { LeaseEvent } from './events.ts';
import { fundedUntilMs, isLedgerBehind, isOpenEnded, type LeaseState, type NextInspection } from './state.ts';

/** Pause before a step is tried again that failed for a reason which may last, ms. */
const TROUBLE_PAUSE_MS = FALLBACK_UNMONITORED_MS;

/** What a lease knows after an event. With `nextAction` this is the whole policy of a lease, as pure functions. */
export function decide(state: LeaseState, event: LeaseEvent, nowMs: number): LeaseState {
  switch (event.type) {
    case 'rowRead':
      return rowRead(state, event.creation, nowMs);
    case 'releaseOrdered':
      return {
        ...state,
        releaseOrder: state.releaseOrder ?? event.order,
        nextRowReadAtMs: state.inLedger ? state.nextRowReadAtMs : nowMs,
      };
    case 'closeStarted':
      return { ...state, closing: true };
    case 'hinted':
      return hinted(state, event.hint, nowMs);
    case 'inspectionStarted':
      return { ...state, inspection: { ...state.inspection, underWay: true } };
    case 'inspected':
      return inspected(state, event.seen, nowMs);
    case 'inspectionFailed':
      return {
        ...state,
        // The inspection may have failed because of the row, so the row is read too.
        nextRowReadAtMs: nowMs,
        inspection: { ...state.inspection, underWay: false, hint: null, nextAtMs: nowMs + TROUBLE_PAUSE_MS },
        trouble: { ...state.trouble, inspection: failureText(event.failure) },
      };
    case 'moveStarted':
      return { ...state, move: { nextAtMs: null, underWay: true } };
    case 'moved':
      return {
        ...state,
        move: { nextAtMs: state.move.nextAtMs ?? nextMoveAtMs(state, nowMs), underWay: false },
        trouble: { ...state.trouble, move: null },
      };
    case 'moveFailed':
      return {
        ...state,
        // As for an inspection.
        nextRowReadAtMs: nowMs,
        move: { nextAtMs: nowMs + TROUBLE_PAUSE_MS, underWay: false },
        trouble: { ...state.trouble, move: failureText(event.failure) },
      };
    case 'warned':
      return { ...state, warnings: { givenUntilMs: nowMs, aheadMs: event.aheadMs } };
    case 'held':
      return held(state, event.creation, nowMs);
    case 'holdRefused':
      return { ...state, refusedAtMs: nowMs };
    case 'notLeased':
      return { ...state, nextRowReadAtMs: nowMs };
    case 'extensionStarted':
      return { ...state, openExtensions: state.openExtensions + 1 };
    case 'extensionEnded':
      return { ...state, openExtensions: state.openExtensions - 1 };
  }
}

const failureText = ({ type, message }: Failure): string => `${type}: ${message}`;

function rowRead(state: LeaseState, row: Creation | null, nowMs: number): LeaseState {
  // No row, or a row that is not leased yet: the ledger was restored from an older backup, and people decide.
  if (row === null || row.state === 'open') {
    return { ...state, inLedger: false, nextRowReadAtMs: nowMs + TROUBLE_PAUSE_MS };
  }
  return {
    ...withRow(state, row, nowMs),
    inLedger: true,
    nextRowReadAtMs: null,
    // An earlier refusal does not count where the row's end has changed since.
    refusedAtMs: row.leaseUntilMs === state.creation.leaseUntilMs ? state.refusedAtMs : null,
  };
}

/** The state with the row that the ledger has just answered. A promised end is kept, also where the row has lost it. */
const withRow = (state: LeaseState, creation: Creation, nowMs: number): LeaseState => ({
  ...state,
  creation,
  lastRowReadAtMs: nowMs,
  promisedUntilMs: Math.max(state.promisedUntilMs, creation.leaseUntilMs ?? 0),
});

/** A hint causes an inspection at once. While rechecks of an earlier hint are still to come, those are enough. */
function hinted(state: LeaseState, hint: HintSignal, nowMs: number): LeaseState {
  if (hint.key !== state.creation.key) return state;
  if (!state.inLedger) return { ...state, nextRowReadAtMs: nowMs };
  const { inspection } = state;
  const soonMs = inspection.hint !== null && inspection.rechecks > 0 ? inspection.nextAtMs : nowMs;
  return {
    ...state,
    inspection: { ...inspection, hint: hint.observed, nextAtMs: Math.min(inspection.nextAtMs, soonMs) },
  };
}

/** An inspection confirms a hint when it finds the same condition, or any new one. */
function inspected(state: LeaseState, seen: Inspection, nowMs: number): LeaseState {
  const { creation, inspection } = state;
  const trouble = { ...state.trouble, inspection: null };
  if (seen.condition === 'closing') {
    return { ...state, nextRowReadAtMs: nowMs, inspection: untilHint(seen, nowMs), trouble };
  }
  const isNew = seen.condition !== creation.condition;
  const confirmed = inspection.hint === null || isNew || seen.condition === inspection.hint;
  const pauseMs = confirmed ? null : recheckDelayMs(inspection.rechecks);
  return {
    ...state,
    creation: isNew
      ? { ...creation, condition: seen.condition, conditionText: seen.detail, conditionAtMs: nowMs }
      : { ...creation, conditionText: seen.detail },
    inspection:
      pauseMs === null
        ? { ...untilHint(seen, nowMs), rechecks: confirmed ? 0 : inspection.rechecks }
        : { underWay: false, nextAtMs: nowMs + pauseMs, hint: inspection.hint, rechecks: inspection.rechecks + 1 },
    trouble,
  };
}

/** No inspection until a hint comes or the fallback time is over. */
const untilHint = ({ fallbackMs }: Inspection, nowMs: number): NextInspection => ({
  underWay: false,
  nextAtMs: nowMs + Math.min(fallbackMs, LEASE_INSPECTION_MS * (1 + FALLBACK_JITTER)),
  hint: null,
  rechecks: 0,
});

/** Money is held for longer, so the provider's own expiry has to move too. */
function held(before: LeaseState, creation: Creation, nowMs: number): LeaseState {
  const state = withRow(before, creation, nowMs);
  const leftMs = state.promisedUntilMs - nowMs;
  const { aheadMs } = state.warnings;
  return {
    ...state,
    refusedAtMs: null,
    warnings: { ...state.warnings, aheadMs: aheadMs !== null && leftMs <= aheadMs ? aheadMs : null },
    move: creation.terms.vendorExpiry ? { ...state.move, nextAtMs: nowMs } : state.move,
  };
}

/**
 * When to move the provider's expiry again although no more money is held; null for not. The provider must not end a
 * lease that is kept past its funded end.
 */
const nextMoveAtMs = (state: LeaseState, nowMs: number): number | null =>
  isOpenEnded(state) || isLedgerBehind(state) ? Math.max(fundedUntilMs(state), nowMs) + EXPIRY_MARGIN_MS / 2 : null;
