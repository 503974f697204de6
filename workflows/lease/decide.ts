import type { Inspection } from '../../contracts/activities.ts';
import type { Creation } from '../../contracts/creation.ts';
import { FALLBACK_JITTER, FALLBACK_UNMONITORED_MS, LEASE_LOOK_MS } from '../../contracts/limits.ts';
import { EXPIRY_MARGIN_MS } from '../../contracts/opening.ts';
import { recheckDelayMs } from '../recheck-delay.ts';
import { fundedUntilMs, isOpenEnded, isLedgerBehind, type Event, type LeaseState } from './state.ts';

/** What fails at the provider for a reason that does not pass by itself is tried again after this, ms. */
const TROUBLE_PAUSE_MS = FALLBACK_UNMONITORED_MS;

/** What a lease knows after something came to it: with `due`, the whole policy of a lease, as pure functions. */
export function decide(life: LeaseState, event: Event, nowMs: number): LeaseState {
  switch (event.type) {
    case 'read':
      return read(life, event.creation, nowMs);
    case 'ordered':
      return { ...life, order: life.order ?? event.order, readAtMs: life.inLedger ? life.readAtMs : nowMs };
    case 'closing':
      return { ...life, closing: true };
    case 'hinted':
      return hinted(life, event, nowMs);
    case 'looking':
      return { ...life, look: { ...life.look, underWay: true } };
    case 'looked':
      return looked(life, event.seen, nowMs);
    case 'lookFailed':
      return {
        ...life,
        // The provider's step reads the row first: it may be the row that it does not find as it should be.
        readAtMs: nowMs,
        look: { ...life.look, underWay: false, hint: null, atMs: nowMs + TROUBLE_PAUSE_MS },
        trouble: { ...life.trouble, look: `${event.failure.type}: ${event.failure.message}` },
      };
    case 'moving':
      return { ...life, move: { atMs: null, underWay: true } };
    case 'moved':
      return {
        ...life,
        move: { atMs: life.move.atMs ?? keptOnMs(life, nowMs), underWay: false },
        trouble: { ...life.trouble, move: null },
      };
    case 'moveFailed':
      return {
        ...life,
        // As for a look: it may be the row.
        readAtMs: nowMs,
        move: { atMs: nowMs + TROUBLE_PAUSE_MS, underWay: false },
        trouble: { ...life.trouble, move: `${event.failure.type}: ${event.failure.message}` },
      };
    case 'warned':
      return { ...life, warned: { untilMs: nowMs, aheadMs: event.aheadMs } };
    case 'held':
      return held(life, event.creation, nowMs);
    case 'unfunded':
      return { ...life, refusedAtMs: nowMs };
    case 'notLeased':
      return { ...life, readAtMs: nowMs };
    case 'extending':
      return { ...life, extending: life.extending + 1 };
    case 'extendingOver':
      return { ...life, extending: life.extending - 1 };
  }
}

function read(life: LeaseState, row: Creation | null, nowMs: number): LeaseState {
  // No row, or one of before it was leased: the ledger was set back, and people decide.
  if (row === null || row.state === 'open') return { ...life, inLedger: false, readAtMs: nowMs + TROUBLE_PAUSE_MS };
  return {
    ...withRow(life, row, nowMs),
    inLedger: true,
    readAtMs: null,
    // A refusal was of another end than the row has now.
    refusedAtMs: row.leaseUntilMs === life.creation.leaseUntilMs ? life.refusedAtMs : null,
  };
}

/** The row as the ledger has just shown it. An end that was known once is owed, whatever the ledger says later. */
const withRow = (life: LeaseState, creation: Creation, nowMs: number): LeaseState => ({
  ...life,
  creation,
  rowSeenAtMs: nowMs,
  promisedUntilMs: Math.max(life.promisedUntilMs, creation.leaseUntilMs ?? 0),
});

/** A hint asks for a look at once; while looks after an earlier one are still to come, they will do. */
function hinted(life: LeaseState, { hint }: Extract<Event, { type: 'hinted' }>, nowMs: number): LeaseState {
  if (hint.key !== life.creation.key) return life;
  if (!life.inLedger) return { ...life, readAtMs: nowMs };
  const { look } = life;
  const soon = look.hint !== null && look.rechecks > 0 ? look.atMs : nowMs;
  return { ...life, look: { ...look, hint: hint.observed, atMs: Math.min(look.atMs, soon) } };
}

/** A look confirms a hint by seeing the same, or anything that is new. */
function looked(life: LeaseState, seen: Inspection, nowMs: number): LeaseState {
  const { creation, look } = life;
  if (seen.condition === 'closing') {
    return { ...life, readAtMs: nowMs, look: rested(seen, nowMs), trouble: { ...life.trouble, look: null } };
  }
  const isNew = seen.condition !== creation.condition;
  const confirmed = look.hint === null || isNew || seen.condition === look.hint;
  const pauseMs = confirmed ? null : recheckDelayMs(look.rechecks);
  return {
    ...life,
    creation: isNew
      ? { ...creation, condition: seen.condition, conditionText: seen.detail, conditionAtMs: nowMs }
      : { ...creation, conditionText: seen.detail },
    look:
      pauseMs === null
        ? { ...rested(seen, nowMs), rechecks: confirmed ? 0 : look.rechecks }
        : { underWay: false, atMs: nowMs + pauseMs, hint: look.hint, rechecks: look.rechecks + 1 },
    trouble: { ...life.trouble, look: null },
  };
}

/** Until a hint comes, or the fallback is over. */
const rested = ({ fallbackMs }: Inspection, nowMs: number): LeaseState['look'] => ({
  underWay: false,
  atMs: nowMs + Math.min(fallbackMs, LEASE_LOOK_MS * (1 + FALLBACK_JITTER)),
  hint: null,
  rechecks: 0,
});

/** Money is held for longer: the provider's own expiry has to follow. */
function held(before: LeaseState, creation: Creation, nowMs: number): LeaseState {
  const life = withRow(before, creation, nowMs);
  const leftMs = life.promisedUntilMs - nowMs;
  const { aheadMs } = life.warned;
  return {
    ...life,
    refusedAtMs: null,
    warned: { ...life.warned, aheadMs: aheadMs !== null && leftMs <= aheadMs ? aheadMs : null },
    move: life.terms.vendorExpiry ? { ...life.move, atMs: nowMs } : life.move,
  };
}

/**
 * When to move the provider's expiry again, although no more money is held: a lease that is kept past its funded end must
 * not end by it.
 */
const keptOnMs = (life: LeaseState, nowMs: number): number | null =>
  isOpenEnded(life) || isLedgerBehind(life) ? Math.max(fundedUntilMs(life), nowMs) + EXPIRY_MARGIN_MS / 2 : null;
