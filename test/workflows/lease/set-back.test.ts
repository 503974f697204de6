import { describe, expect, it } from 'vitest';
import { EXPIRY_MARGIN_MS } from '../../../contracts/opening.ts';
import { decide } from '../../../workflows/lease/decide.ts';
import { extensionRefusal } from '../../../workflows/lease/extension-refusal.ts';
import { leaseStatus } from '../../../workflows/lease/status.ts';
import { initialState, carryOver, type LeaseState } from '../../../workflows/lease/state.ts';
import { LEASED_AT_MS } from '../../builders/creation.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, SimulatedLease, HOUR_MS, NO_TROUBLE, type Surroundings } from './simulated-lease.ts';

/** By its row; and what it knows that it was promised. */
const FORGOT = LEASED_AT_MS + HOUR_MS;
const OWED = LEASED_AT_MS + 3 * HOUR_MS;
const SLICE_MS = DAY_MS;
const roomFrom = (fromMs: number): Surroundings => ({ ...NO_TROUBLE, hasRoom: (atMs) => atMs >= fromMs });

const withEnd = (): LeaseState => aLease({}, { leaseUntilMs: OWED });
/** It reads a row of before its extension. */
function setBack(state: LeaseState, surroundings: Surroundings = NO_TROUBLE): SimulatedLease {
  const lease = new SimulatedLease(state, surroundings);
  lease.record({ type: 'rowRead', creation: { ...state.creation, leaseUntilMs: FORGOT } });
  return lease;
}

describe('a lease whose ledger was set back to before its extension', () => {
  it('holds what is owed at once, and ends when it was promised to', () => {
    const lease = setBack(withEnd());
    expect(lease.taken.at(-1)).toEqual({ atMs: LEASED_AT_MS, action: { do: 'hold-money', untilMs: OWED } });
    expect(lease.state.creation.leaseUntilMs).toBe(OWED);
    expect(lease.advanceTo(LEASED_AT_MS + DAY_MS).timesOf('close')).toEqual([OWED]);
  });

  it('is parked while there is no room, asks again every ten minutes, and does not end before its time', () => {
    const lease = setBack(withEnd(), roomFrom(Infinity)).advanceTo(LEASED_AT_MS + 25 * 60_000);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'Unfunded' });
    expect(lease.timesOf('hold-money')).toEqual([0, 10, 20].map((minutes) => LEASED_AT_MS + minutes * 60_000));
    expect(lease.advanceTo(OWED - 1).why).toBeUndefined();
    expect(lease.advanceTo(LEASED_AT_MS + DAY_MS)).toMatchObject({ why: 'LeaseEnded' });
    expect(lease.timesOf('close')).toEqual([OWED]);
  });

  it('goes on as ever once there is room', () => {
    const lease = setBack(withEnd(), roomFrom(LEASED_AT_MS + 15 * 60_000)).advanceTo(LEASED_AT_MS + HOUR_MS);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: null });
    expect(lease.timesOf('hold-money')).toHaveLength(3);
  });

  it('tells its next run what is owed', () => {
    const lease = setBack(withEnd(), roomFrom(Infinity));
    const next = initialState(carryOver(lease.state), LEASED_AT_MS);
    expect(
      setBack(next, roomFrom(Infinity))
        .advanceTo(LEASED_AT_MS + DAY_MS)
        .timesOf('close'),
    ).toEqual([OWED]);
  });

  it('asks at once also where a slice was refused a moment ago', () => {
    const state = { ...withEnd(), refusedAtMs: LEASED_AT_MS - 1 };
    expect(setBack(state, roomFrom(Infinity)).timesOf('hold-money')).toEqual([LEASED_AT_MS]);
  });

  it('warns of the end that is owed, and is extended only beyond it', () => {
    const lease = setBack(withEnd(), roomFrom(Infinity)).advanceTo(OWED);
    expect(lease.timesOf('warn')).toEqual([OWED - HOUR_MS, OWED - 600_000]);
    expect(extensionRefusal(lease.state, { untilMs: OWED - 1, who: 'ada' })).toMatch(/before the present end/);
  });

  it("keeps its provider's expiry ahead of it while what is owed is not held", () => {
    const state = aLease({ vendorExpiry: true }, { leaseUntilMs: LEASED_AT_MS + 20 * HOUR_MS });
    const row = { ...state.creation, leaseUntilMs: FORGOT };
    const lease = new SimulatedLease(
      decide(state, { type: 'rowRead', creation: row }, LEASED_AT_MS),
      roomFrom(Infinity),
    );
    const moves = [
      ...lease
        .advanceTo(LEASED_AT_MS + DAY_MS)
        .timesOf('move-expiry')
        .slice(1),
      LEASED_AT_MS + 20 * HOUR_MS,
    ];
    expect(moves.length).toBeGreaterThan(5);
    // What the provider is told is by the row, or by the present hour.
    let toldMs = FORGOT + EXPIRY_MARGIN_MS;
    for (const atMs of moves) {
      expect(atMs).toBeLessThan(toldMs);
      toldMs = atMs + EXPIRY_MARGIN_MS;
    }
  });

  it('asks for nothing where its cluster is gone', () => {
    const lease = setBack(aLease({}, { leaseUntilMs: OWED, condition: 'gone' }), {
      ...NO_TROUBLE,
      condition: () => 'gone',
    });
    expect(lease.timesOf('hold-money')).toEqual([]);
  });
});

describe('one without an end', () => {
  const open = (): LeaseState => aLease({ durationMs: null, onUnfunded: 'release' }, { leaseUntilMs: OWED });

  it('holds what is owed, and its next slice from there', () => {
    const lease = setBack(open()).advanceTo(OWED);
    expect(lease.timesOf('hold-money')).toEqual([LEASED_AT_MS, OWED - 2 * HOUR_MS]);
    expect(lease.state.creation.leaseUntilMs).toBe(OWED + SLICE_MS);
  });

  it('is not released for money before the time is over that was held once', () => {
    const lease = setBack(open(), roomFrom(Infinity)).advanceTo(OWED - 1);
    expect(lease.why).toBeUndefined();
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'Unfunded' });
    expect(lease.advanceTo(OWED)).toMatchObject({ why: 'Unfunded', nowMs: OWED });
  });
});
