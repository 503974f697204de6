import { describe, expect, it } from 'vitest';
import { DURATION_MAX_MS } from '../../../contracts/limits.ts';
import { extensionRefusal } from '../../../workflows/lease/extension-refusal.ts';
import { leaseStatus } from '../../../workflows/lease/status.ts';
import { initialState, carryOver } from '../../../workflows/lease/state.ts';
import { LEASED_AT_MS } from '../../builders/creation.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, SimulatedLease, HOUR_MS, NO_TROUBLE } from './simulated-lease.ts';

const order = { who: 'ada', why: 'done' };
/** A lease of two hours, so that it ends before its first run does. */
const short = () => aLease({ durationMs: 2 * HOUR_MS }, { leaseUntilMs: LEASED_AT_MS + 2 * HOUR_MS });

describe('a lease with an end', () => {
  it('ends then, and not earlier', () => {
    const lease = new SimulatedLease(short()).advanceTo(LEASED_AT_MS + 2 * HOUR_MS - 1);
    expect(lease.why).toBeUndefined();
    expect(lease.advanceTo(LEASED_AT_MS + 2 * HOUR_MS).why).toBe('LeaseEnded');
  });

  it('never asks for more money', () => {
    expect(new SimulatedLease(short()).advanceTo(LEASED_AT_MS + DAY_MS).timesOf('hold-money')).toEqual([]);
  });

  it('warns of its end, and leaves out warnings that were due before it began', () => {
    const lease = new SimulatedLease(short()).advanceTo(LEASED_AT_MS + 90 * 60_000);
    expect(lease.timesOf('warn')).toEqual([LEASED_AT_MS + HOUR_MS]);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: 'EndsSoon' });
    expect(lease.advanceTo(LEASED_AT_MS + DAY_MS).timesOf('warn')).toEqual([
      LEASED_AT_MS + HOUR_MS,
      LEASED_AT_MS + 110 * 60_000,
    ]);
  });

  it('ends later after an extension, and warns again', () => {
    const lease = new SimulatedLease(short()).advanceTo(LEASED_AT_MS + 90 * 60_000);
    lease.record({ type: 'extensionStarted' });
    lease.record({ type: 'held', creation: { ...lease.state.creation, leaseUntilMs: LEASED_AT_MS + 5 * HOUR_MS } });
    lease.record({ type: 'extensionEnded' });
    expect(leaseStatus(lease.state).reason).toBeNull();
    lease.advanceTo(LEASED_AT_MS + DAY_MS);
    expect(lease.timesOf('warn')).toEqual([
      LEASED_AT_MS + HOUR_MS,
      LEASED_AT_MS + 4 * HOUR_MS,
      LEASED_AT_MS + 290 * 60_000,
    ]);
    expect(lease.timesOf('close')).toEqual([LEASED_AT_MS + 5 * HOUR_MS]);
  });

  it('does not end while an extension is open', () => {
    const lease = new SimulatedLease(short()).advanceTo(LEASED_AT_MS + HOUR_MS);
    lease.record({ type: 'extensionStarted' });
    lease.advanceTo(LEASED_AT_MS + 3 * HOUR_MS);
    expect(lease.why).toBeUndefined();
    lease.record({ type: 'extensionEnded' });
    expect(lease.why).toBe('LeaseEnded');
  });

  it('ends at its end also when its cluster has failed', () => {
    const lease = new SimulatedLease(short(), { ...NO_TROUBLE, condition: () => 'failed' }).advanceTo(
      LEASED_AT_MS + DAY_MS,
    );
    expect(lease.why).toBe('LeaseEnded');
  });

  it('gives in its next run a warning that was due between two runs', () => {
    const warnings = { givenUntilMs: LEASED_AT_MS + HOUR_MS - 1, aheadMs: null };
    const next = { ...short(), warnings };
    expect(new SimulatedLease(next, NO_TROUBLE, LEASED_AT_MS + HOUR_MS + 1).timesOf('warn')).toHaveLength(1);
  });
});

describe('a release', () => {
  it('closes the lease at once, whatever else is due', () => {
    const lease = new SimulatedLease(aLease({ durationMs: null }, { leaseUntilMs: LEASED_AT_MS + HOUR_MS }), {
      ...NO_TROUBLE,
      hasRoom: () => false,
    });
    lease.record({ type: 'releaseOrdered', order });
    expect(lease.taken.at(-1)?.action).toEqual({ do: 'close', why: 'Released', message: 'released by ada: done' });
  });

  it('counts once: the first order is the one that is kept', () => {
    const lease = new SimulatedLease(short());
    lease.record({ type: 'releaseOrdered', order });
    lease.record({ type: 'releaseOrdered', order: { who: 'bob', why: '' } });
    expect(lease.state.releaseOrder).toEqual(order);
  });
});

describe('a lease that is started again', () => {
  it.each(['closing', 'released', 'absent'] as const)('closes when its row is %s already', (state) => {
    expect(new SimulatedLease(aLease({}, { state })).why).toBe('Released');
  });

  it('parks while the ledger has no row of it, and goes on when the row is back', () => {
    const state = aLease();
    const lease = new SimulatedLease(state);
    lease.record({ type: 'rowRead', creation: null });
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'NotInLedger' });
    lease.record({ type: 'hinted', hint: { key: state.creation.key, observed: 'ready' } });
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased' });
    lease.record({ type: 'rowRead', creation: { ...state.creation, state: 'open' } });
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'NotInLedger' });
    lease.record({ type: 'releaseOrdered', order });
    expect(lease.why).toBe('Released');
  });

  it('continues in a new run after a day, but not while an extension is open', () => {
    expect(
      new SimulatedLease(aLease({ durationMs: null })).advanceTo(LEASED_AT_MS + 2 * DAY_MS).timesOf('continue-as-new'),
    ).toEqual([LEASED_AT_MS + DAY_MS]);
    const extended = { ...aLease({}, { leaseUntilMs: LEASED_AT_MS + 5 * DAY_MS }), openExtensions: 1 };
    expect(new SimulatedLease(extended).advanceTo(LEASED_AT_MS + 2 * DAY_MS).timesOf('continue-as-new')).toEqual([]);
  });

  it('passes an order on to its next run while the ledger has no row of it, and closes when the row is back', () => {
    const lease = new SimulatedLease(aLease());
    lease.rowInLedger = () => null;
    lease.record({ type: 'notLeased' });
    lease.record({ type: 'releaseOrdered', order });
    expect(lease.advanceTo(LEASED_AT_MS + 2 * DAY_MS)).toMatchObject({ isOver: true, why: undefined });
    expect(lease.timesOf('continue-as-new')).toEqual([LEASED_AT_MS + DAY_MS]);
    const next = new SimulatedLease(initialState(carryOver(lease.state), lease.nowMs), NO_TROUBLE, lease.nowMs);
    expect(next.taken.at(-1)?.action).toMatchObject({ do: 'close', message: 'released by ada: done' });
  });
});

describe('a lease reads its row before it closes', () => {
  it('and lives on when the row has a later end', () => {
    const lease = new SimulatedLease(short()).advanceTo(LEASED_AT_MS + HOUR_MS);
    lease.rowInLedger = (known) => ({ ...known, leaseUntilMs: LEASED_AT_MS + 5 * HOUR_MS });
    expect(lease.advanceTo(LEASED_AT_MS + DAY_MS).timesOf('close')).toEqual([LEASED_AT_MS + 5 * HOUR_MS]);
    expect(lease.timesOf('read-row')).toEqual([LEASED_AT_MS, LEASED_AT_MS + 2 * HOUR_MS, LEASED_AT_MS + 5 * HOUR_MS]);
  });

  it.each([
    ['its time', { durationMs: 10_000 }],
    ['its money', { durationMs: null, sliceMs: 10_000 }],
  ])('at the end of %s, however short the time since the last read', (_, terms) => {
    const lease = new SimulatedLease(aLease(terms, { leaseUntilMs: LEASED_AT_MS + 10_000 }), {
      ...NO_TROUBLE,
      hasRoom: () => false,
    });
    lease.rowInLedger = (known) => ({ ...known, leaseUntilMs: LEASED_AT_MS + 20_000 });
    expect(lease.advanceTo(LEASED_AT_MS + DAY_MS).timesOf('close')).toEqual([LEASED_AT_MS + 20_000]);
  });

  it('also when its money is over', () => {
    const open = aLease({ durationMs: null }, { leaseUntilMs: LEASED_AT_MS + HOUR_MS });
    const lease = new SimulatedLease(open, { ...NO_TROUBLE, hasRoom: () => false });
    lease.rowInLedger = (known) => ({ ...known, leaseUntilMs: LEASED_AT_MS + 5 * HOUR_MS });
    expect(lease.advanceTo(LEASED_AT_MS + DAY_MS).timesOf('close')).toEqual([LEASED_AT_MS + 5 * HOUR_MS]);
  });

  it.each([
    ['its end', (lease: SimulatedLease) => lease.advanceTo(LEASED_AT_MS + DAY_MS - 1)],
    [
      'a release',
      (lease: SimulatedLease) => {
        lease.record({ type: 'releaseOrdered', order });
      },
    ],
    [
      'a vanished cluster',
      (lease: SimulatedLease) => {
        lease.record({ type: 'inspected', seen: { condition: 'gone', detail: '', fallbackMs: HOUR_MS } });
      },
    ],
  ])('and parks at %s when the row is gone', (_, happens) => {
    const state = aLease({ onBroken: 'release' }, { leaseUntilMs: LEASED_AT_MS + 2 * HOUR_MS });
    const lease = new SimulatedLease(state).advanceTo(LEASED_AT_MS + HOUR_MS);
    lease.rowInLedger = () => null;
    happens(lease);
    expect(lease.why).toBeUndefined();
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'NotInLedger' });
  });

  it('but not twice within a minute for an order', () => {
    const lease = new SimulatedLease(short()).advanceTo(LEASED_AT_MS + 59_000);
    lease.record({ type: 'releaseOrdered', order });
    expect(lease.timesOf('read-row')).toEqual([LEASED_AT_MS]);
    expect(lease.why).toBe('Released');
  });
});

describe('an extension', () => {
  const state = short();
  const untilMs = LEASED_AT_MS + 3 * HOUR_MS;

  it('is accepted for a later time, and for the present end, because the first answer may have been lost', () => {
    expect(extensionRefusal(state, { untilMs, who: 'ada' })).toBeNull();
    expect(extensionRefusal(state, { untilMs: state.promisedUntilMs, who: 'ada' })).toBeNull();
  });

  it.each([
    ['a lease without an end', aLease({ durationMs: null }), untilMs, /has no end/],
    ['a lease that is being released', { ...state, releaseOrder: order }, untilMs, /being released/],
    ['a lease that closes', { ...state, closing: true }, untilMs, /being released/],
    ['a time before its present end', state, LEASED_AT_MS + 2 * HOUR_MS - 1, /before the present end/],
    ['a fraction of a millisecond', state, untilMs + 0.5, /whole number/],
    ['more than a year', state, LEASED_AT_MS + DURATION_MAX_MS + 1, /a year at most/],
    ['a time beyond the calendar', state, 1e18, /a year at most/],
  ])('is refused for %s', (_, of, toMs, words) => {
    expect(extensionRefusal(of, { untilMs: toMs, who: 'ada' })).toMatch(words);
  });
});
