import { describe, expect, it } from 'vitest';
import { EXPIRY_MARGIN_MS } from '../../../contracts/opening.ts';
import { decide } from '../../../workflows/lease/decide.ts';
import { extensionRefusal } from '../../../workflows/lease/extension-refusal.ts';
import { leaseStatus } from '../../../workflows/lease/status.ts';
import { initialState, carryOver, type LeaseState } from '../../../workflows/lease/state.ts';
import { LEASED_AT_MS } from '../../builders/creation.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, SimulatedLease, HOUR_MS, NO_TROUBLE, type Surroundings } from './simulated-lease.ts';

/** The end in the row of a ledger that was set back, and the end that the lease was promised. */
const END_IN_ROW = LEASED_AT_MS + HOUR_MS;
const PROMISED = LEASED_AT_MS + 3 * HOUR_MS;
const SLICE_MS = DAY_MS;
const roomFrom = (fromMs: number): Surroundings => ({ ...NO_TROUBLE, hasRoom: (atMs) => atMs >= fromMs });

const withEnd = (): LeaseState => aLease({}, { leaseUntilMs: PROMISED });
/** Reads a row that has lost an extension. */
function setBack(state: LeaseState, surroundings: Surroundings = NO_TROUBLE): SimulatedLease {
  const lease = new SimulatedLease(state, surroundings);
  lease.record({ type: 'rowRead', creation: { ...state.creation, leaseUntilMs: END_IN_ROW } });
  return lease;
}

describe('a lease whose ledger was set back to before its extension', () => {
  it('holds the missing money at once, and ends when it was promised to', () => {
    const lease = setBack(withEnd());
    expect(lease.taken.at(-1)).toEqual({ atMs: LEASED_AT_MS, action: { do: 'hold-money', untilMs: PROMISED } });
    expect(lease.state.creation.leaseUntilMs).toBe(PROMISED);
    expect(lease.advanceTo(LEASED_AT_MS + DAY_MS).timesOf('close')).toEqual([PROMISED]);
  });

  it('parks while the budget has no room, asks again every ten minutes, and does not end early', () => {
    const lease = setBack(withEnd(), roomFrom(Infinity)).advanceTo(LEASED_AT_MS + 25 * 60_000);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'Unfunded' });
    expect(lease.timesOf('hold-money')).toEqual([0, 10, 20].map((minutes) => LEASED_AT_MS + minutes * 60_000));
    expect(lease.advanceTo(PROMISED - 1).why).toBeUndefined();
    expect(lease.advanceTo(LEASED_AT_MS + DAY_MS)).toMatchObject({ why: 'LeaseEnded' });
    expect(lease.timesOf('close')).toEqual([PROMISED]);
  });

  it('goes on as before when the budget has room', () => {
    const lease = setBack(withEnd(), roomFrom(LEASED_AT_MS + 15 * 60_000)).advanceTo(LEASED_AT_MS + HOUR_MS);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: null });
    expect(lease.timesOf('hold-money')).toHaveLength(3);
  });

  it('passes the promised end on to its next run', () => {
    const lease = setBack(withEnd(), roomFrom(Infinity));
    const next = initialState(carryOver(lease.state), LEASED_AT_MS);
    expect(
      setBack(next, roomFrom(Infinity))
        .advanceTo(LEASED_AT_MS + DAY_MS)
        .timesOf('close'),
    ).toEqual([PROMISED]);
  });

  it('asks at once also when a slice was refused just before', () => {
    const state = { ...withEnd(), refusedAtMs: LEASED_AT_MS - 1 };
    expect(setBack(state, roomFrom(Infinity)).timesOf('hold-money')).toEqual([LEASED_AT_MS]);
  });

  it('warns of the promised end, and is extended only beyond it', () => {
    const lease = setBack(withEnd(), roomFrom(Infinity)).advanceTo(PROMISED);
    expect(lease.timesOf('warn')).toEqual([PROMISED - HOUR_MS, PROMISED - 600_000]);
    expect(extensionRefusal(lease.state, { untilMs: PROMISED - 1, who: 'ada' })).toMatch(/before the present end/);
  });

  it("keeps its provider's expiry later than now while the missing money is not held", () => {
    const state = aLease({ vendorExpiry: true }, { leaseUntilMs: LEASED_AT_MS + 20 * HOUR_MS });
    const row = { ...state.creation, leaseUntilMs: END_IN_ROW };
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
    // The provider gets the end of the row or the present time, whichever is later, and the margin.
    let expiryMs = END_IN_ROW + EXPIRY_MARGIN_MS;
    for (const atMs of moves) {
      expect(atMs).toBeLessThan(expiryMs);
      expiryMs = atMs + EXPIRY_MARGIN_MS;
    }
  });

  it('asks for no money when its cluster is gone', () => {
    const lease = setBack(aLease({}, { leaseUntilMs: PROMISED, condition: 'gone' }), {
      ...NO_TROUBLE,
      condition: () => 'gone',
    });
    expect(lease.timesOf('hold-money')).toEqual([]);
  });
});

describe('a lease without an end whose ledger was set back', () => {
  const open = (): LeaseState => aLease({ durationMs: null, onUnfunded: 'release' }, { leaseUntilMs: PROMISED });

  it('holds the missing money, and its next slice from the promised end', () => {
    const lease = setBack(open()).advanceTo(PROMISED);
    expect(lease.timesOf('hold-money')).toEqual([LEASED_AT_MS, PROMISED - 2 * HOUR_MS]);
    expect(lease.state.creation.leaseUntilMs).toBe(PROMISED + SLICE_MS);
  });

  it('is not released for money before its promised end', () => {
    const lease = setBack(open(), roomFrom(Infinity)).advanceTo(PROMISED - 1);
    expect(lease.why).toBeUndefined();
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'Unfunded' });
    expect(lease.advanceTo(PROMISED)).toMatchObject({ why: 'Unfunded', nowMs: PROMISED });
  });
});
