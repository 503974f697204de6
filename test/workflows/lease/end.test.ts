import { describe, expect, it } from 'vitest';
import { DURATION_MAX_MS } from '../../../contracts/limits.ts';
import { whyNotExtended } from '../../../workflows/lease/extension.ts';
import { shownOf } from '../../../workflows/lease/shown.ts';
import { atTheStart, carryOver } from '../../../workflows/lease/state.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, Drive, HOUR_MS, KIND, T0 } from './kit.ts';

const order = { who: 'ada', why: 'done' };
/** Two hours long, so that it ends before its first run does. */
const short = () => aLease({ durationMs: 2 * HOUR_MS }, { leaseUntilMs: T0 + 2 * HOUR_MS });

describe('a lease with an end', () => {
  it('ends then, and not before', () => {
    const drive = new Drive(short()).until(T0 + 2 * HOUR_MS - 1);
    expect(drive.why).toBeUndefined();
    expect(drive.until(T0 + 2 * HOUR_MS).why).toBe('LeaseEnded');
  });

  it('never asks for more money', () => {
    expect(new Drive(short()).until(T0 + DAY_MS).times('fund')).toEqual([]);
  });

  it('warns of its end, leaving out warnings whose time was before it began', () => {
    const drive = new Drive(short()).until(T0 + 90 * 60_000);
    expect(drive.times('warn')).toEqual([T0 + HOUR_MS]);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: 'EndsSoon' });
    expect(drive.until(T0 + DAY_MS).times('warn')).toEqual([T0 + HOUR_MS, T0 + 110 * 60_000]);
  });

  it('ends later once extended, and warns again', () => {
    const drive = new Drive(short()).until(T0 + 90 * 60_000);
    drive.tell({ type: 'extending' });
    drive.tell({ type: 'held', creation: { ...drive.life.creation, leaseUntilMs: T0 + 5 * HOUR_MS } });
    drive.tell({ type: 'extendingOver' });
    expect(shownOf(drive.life).reason).toBeNull();
    drive.until(T0 + DAY_MS);
    expect(drive.times('warn')).toEqual([T0 + HOUR_MS, T0 + 4 * HOUR_MS, T0 + 290 * 60_000]);
    expect(drive.times('close')).toEqual([T0 + 5 * HOUR_MS]);
  });

  it('does not end while an extension is on its way', () => {
    const drive = new Drive(short()).until(T0 + HOUR_MS);
    drive.tell({ type: 'extending' });
    drive.until(T0 + 3 * HOUR_MS);
    expect(drive.why).toBeUndefined();
    drive.tell({ type: 'extendingOver' });
    expect(drive.why).toBe('LeaseEnded');
  });

  it('ends at its end also where its cluster has failed before', () => {
    const drive = new Drive(short(), { ...KIND, condition: () => 'failed' }).until(T0 + DAY_MS);
    expect(drive.why).toBe('LeaseEnded');
  });

  it('warns in its next run of what was due between the two', () => {
    const warned = { untilMs: T0 + HOUR_MS - 1, aheadMs: null };
    const next = { ...short(), warned };
    expect(new Drive(next, KIND, T0 + HOUR_MS + 1).times('warn')).toHaveLength(1);
  });
});

describe('a release', () => {
  it('closes the lease at once, whatever else is due', () => {
    const drive = new Drive(aLease({ durationMs: null }, { leaseUntilMs: T0 + HOUR_MS }), {
      ...KIND,
      hasRoom: () => false,
    });
    drive.tell({ type: 'ordered', order });
    expect(drive.done.at(-1)?.act).toEqual({ do: 'close', why: 'Released', message: 'released by ada: done' });
  });

  it('counts once: the first order is the one that is told', () => {
    const drive = new Drive(short());
    drive.tell({ type: 'ordered', order });
    drive.tell({ type: 'ordered', order: { who: 'bob', why: '' } });
    expect(drive.life.order).toEqual(order);
  });
});

describe('a lease that is started again', () => {
  it.each(['closing', 'released', 'absent'] as const)('closes where its row is %s already', (state) => {
    expect(new Drive(aLease({}, { state })).why).toBe('Released');
  });

  it('waits where the ledger does not know it, and goes on once it does', () => {
    const life = aLease();
    const drive = new Drive(life);
    drive.tell({ type: 'read', creation: null });
    expect(shownOf(drive.life)).toMatchObject({ phase: 'parked', reason: 'NotInLedger' });
    drive.tell({ type: 'hinted', hint: { key: life.creation.key, observed: 'ready' } });
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased' });
    drive.tell({ type: 'read', creation: { ...life.creation, state: 'open' } });
    expect(shownOf(drive.life)).toMatchObject({ phase: 'parked', reason: 'NotInLedger' });
    drive.tell({ type: 'ordered', order });
    expect(drive.why).toBe('Released');
  });

  it('goes on in a new run after a day, but not while an extension is on its way', () => {
    expect(new Drive(aLease({ durationMs: null })).until(T0 + 2 * DAY_MS).times('rest')).toEqual([T0 + DAY_MS]);
    const extended = { ...aLease({}, { leaseUntilMs: T0 + 5 * DAY_MS }), extending: 1 };
    expect(new Drive(extended).until(T0 + 2 * DAY_MS).times('rest')).toEqual([]);
  });

  it('keeps an order through its next run where the ledger does not know it, and closes once it does', () => {
    const drive = new Drive(aLease());
    drive.ledger = () => null;
    drive.tell({ type: 'notLeased' });
    drive.tell({ type: 'ordered', order });
    expect(drive.until(T0 + 2 * DAY_MS)).toMatchObject({ isOver: true, why: undefined });
    expect(drive.times('rest')).toEqual([T0 + DAY_MS]);
    const next = new Drive(atTheStart(carryOver(drive.life), drive.life.terms, drive.nowMs), KIND, drive.nowMs);
    expect(next.done.at(-1)?.act).toMatchObject({ do: 'close', message: 'released by ada: done' });
  });
});

describe('before it closes, a lease reads its row', () => {
  it('and lives on at its end where the ledger knows of a later one', () => {
    const drive = new Drive(short()).until(T0 + HOUR_MS);
    drive.ledger = (known) => ({ ...known, leaseUntilMs: T0 + 5 * HOUR_MS });
    expect(drive.until(T0 + DAY_MS).times('close')).toEqual([T0 + 5 * HOUR_MS]);
    expect(drive.times('read')).toEqual([T0, T0 + 2 * HOUR_MS, T0 + 5 * HOUR_MS]);
  });

  it.each([
    ['its time', { durationMs: 10_000 }],
    ['its money', { durationMs: null, sliceMs: 10_000 }],
  ])('at the very end of %s, however short it was since the last time', (_, terms) => {
    const drive = new Drive(aLease(terms, { leaseUntilMs: T0 + 10_000 }), { ...KIND, hasRoom: () => false });
    drive.ledger = (known) => ({ ...known, leaseUntilMs: T0 + 20_000 });
    expect(drive.until(T0 + DAY_MS).times('close')).toEqual([T0 + 20_000]);
  });

  it('also when its money is over', () => {
    const open = aLease({ durationMs: null }, { leaseUntilMs: T0 + HOUR_MS });
    const drive = new Drive(open, { ...KIND, hasRoom: () => false });
    drive.ledger = (known) => ({ ...known, leaseUntilMs: T0 + 5 * HOUR_MS });
    expect(drive.until(T0 + DAY_MS).times('close')).toEqual([T0 + 5 * HOUR_MS]);
  });

  it.each([
    ['its end', (drive: Drive) => drive.until(T0 + DAY_MS - 1)],
    [
      'a release',
      (drive: Drive) => {
        drive.tell({ type: 'ordered', order });
      },
    ],
    [
      'what has broken it',
      (drive: Drive) => {
        drive.tell({ type: 'looked', seen: { condition: 'gone', detail: '', fallbackMs: HOUR_MS } });
      },
    ],
  ])('and parks at %s where it is not there any more', (_, happens) => {
    const life = aLease({ onBroken: 'release' }, { leaseUntilMs: T0 + 2 * HOUR_MS });
    const drive = new Drive(life).until(T0 + HOUR_MS);
    drive.ledger = () => null;
    happens(drive);
    expect(drive.why).toBeUndefined();
    expect(shownOf(drive.life)).toMatchObject({ phase: 'parked', reason: 'NotInLedger' });
  });

  it('but not twice within a minute, where only an order is to be done', () => {
    const drive = new Drive(short()).until(T0 + 59_000);
    drive.tell({ type: 'ordered', order });
    expect(drive.times('read')).toEqual([T0]);
    expect(drive.why).toBe('Released');
  });
});

describe('an extension', () => {
  const life = short();
  const untilMs = T0 + 3 * HOUR_MS;

  it('is taken for a later time, and for the present end by whoever has not heard that it was granted', () => {
    expect(whyNotExtended(life, { untilMs, who: 'ada' })).toBeNull();
    expect(whyNotExtended(life, { untilMs: life.promisedUntilMs, who: 'ada' })).toBeNull();
  });

  it.each([
    ['a lease without an end', aLease({ durationMs: null }), untilMs, /has no end/],
    ['a lease that is being released', { ...life, order }, untilMs, /being released/],
    ['a lease that closes', { ...life, closing: true }, untilMs, /being released/],
    ['before its present end', life, T0 + 2 * HOUR_MS - 1, /before the present end/],
    ['half a millisecond', life, untilMs + 0.5, /whole number/],
    ['more than a year', life, T0 + DURATION_MAX_MS + 1, /a year at most/],
    ['a time that no calendar has', life, 1e18, /a year at most/],
  ])('is refused for %s', (_, of, toMs, words) => {
    expect(whyNotExtended(of, { untilMs: toMs, who: 'ada' })).toMatch(words);
  });
});
