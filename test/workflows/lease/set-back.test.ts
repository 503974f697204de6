import { describe, expect, it } from 'vitest';
import { EXPIRY_MARGIN_MS } from '../../../contracts/opening.ts';
import { decide } from '../../../workflows/lease/decide.ts';
import { whyNotExtended } from '../../../workflows/lease/extension.ts';
import { shownOf } from '../../../workflows/lease/shown.ts';
import { atTheStart, carryOver, type LeaseState } from '../../../workflows/lease/state.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, Drive, HOUR_MS, KIND, T0, type World } from './kit.ts';

/** By its row; and what it knows that it was promised. */
const FORGOT = T0 + HOUR_MS;
const OWED = T0 + 3 * HOUR_MS;
const SLICE_MS = DAY_MS;
const roomFrom = (fromMs: number): World => ({ ...KIND, hasRoom: (atMs) => atMs >= fromMs });

const withEnd = (): LeaseState => aLease({}, { leaseUntilMs: OWED });
/** It reads a row of before its extension. */
function setBack(life: LeaseState, world: World = KIND): Drive {
  const drive = new Drive(life, world);
  drive.tell({ type: 'read', creation: { ...life.creation, leaseUntilMs: FORGOT } });
  return drive;
}

describe('a lease whose ledger was set back to before its extension', () => {
  it('holds what is owed at once, and ends when it was promised to', () => {
    const drive = setBack(withEnd());
    expect(drive.done.at(-1)).toEqual({ atMs: T0, act: { do: 'fund', untilMs: OWED } });
    expect(drive.life.creation.leaseUntilMs).toBe(OWED);
    expect(drive.until(T0 + DAY_MS).times('close')).toEqual([OWED]);
  });

  it('is parked while there is no room, asks again every ten minutes, and does not end before its time', () => {
    const drive = setBack(withEnd(), roomFrom(Infinity)).until(T0 + 25 * 60_000);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'parked', reason: 'Unfunded' });
    expect(drive.times('fund')).toEqual([0, 10, 20].map((minutes) => T0 + minutes * 60_000));
    expect(drive.until(OWED - 1).why).toBeUndefined();
    expect(drive.until(T0 + DAY_MS)).toMatchObject({ why: 'LeaseEnded' });
    expect(drive.times('close')).toEqual([OWED]);
  });

  it('goes on as ever once there is room', () => {
    const drive = setBack(withEnd(), roomFrom(T0 + 15 * 60_000)).until(T0 + HOUR_MS);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: null });
    expect(drive.times('fund')).toHaveLength(3);
  });

  it('tells its next run what is owed', () => {
    const drive = setBack(withEnd(), roomFrom(Infinity));
    const next = atTheStart(carryOver(drive.life), drive.life.terms, T0);
    expect(
      setBack(next, roomFrom(Infinity))
        .until(T0 + DAY_MS)
        .times('close'),
    ).toEqual([OWED]);
  });

  it('asks at once also where a slice was refused a moment ago', () => {
    const life = { ...withEnd(), refusedAtMs: T0 - 1 };
    expect(setBack(life, roomFrom(Infinity)).times('fund')).toEqual([T0]);
  });

  it('warns of the end that is owed, and is extended only beyond it', () => {
    const drive = setBack(withEnd(), roomFrom(Infinity)).until(OWED);
    expect(drive.times('warn')).toEqual([OWED - HOUR_MS, OWED - 600_000]);
    expect(whyNotExtended(drive.life, { untilMs: OWED - 1, who: 'ada' })).toMatch(/before the present end/);
  });

  it("keeps its provider's expiry ahead of it while what is owed is not held", () => {
    const life = aLease({ vendorExpiry: true }, { leaseUntilMs: T0 + 20 * HOUR_MS });
    const row = { ...life.creation, leaseUntilMs: FORGOT };
    const drive = new Drive(decide(life, { type: 'read', creation: row }, T0), roomFrom(Infinity));
    const moves = [
      ...drive
        .until(T0 + DAY_MS)
        .times('move')
        .slice(1),
      T0 + 20 * HOUR_MS,
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
    const drive = setBack(aLease({}, { leaseUntilMs: OWED, condition: 'gone' }), { ...KIND, condition: () => 'gone' });
    expect(drive.times('fund')).toEqual([]);
  });
});

describe('one without an end', () => {
  const open = (): LeaseState => aLease({ durationMs: null, onUnfunded: 'release' }, { leaseUntilMs: OWED });

  it('holds what is owed, and its next slice from there', () => {
    const drive = setBack(open()).until(OWED);
    expect(drive.times('fund')).toEqual([T0, OWED - 2 * HOUR_MS]);
    expect(drive.life.creation.leaseUntilMs).toBe(OWED + SLICE_MS);
  });

  it('is not released for money before the time is over that was held once', () => {
    const drive = setBack(open(), roomFrom(Infinity)).until(OWED - 1);
    expect(drive.why).toBeUndefined();
    expect(shownOf(drive.life)).toMatchObject({ phase: 'parked', reason: 'Unfunded' });
    expect(drive.until(OWED)).toMatchObject({ why: 'Unfunded', nowMs: OWED });
  });
});
