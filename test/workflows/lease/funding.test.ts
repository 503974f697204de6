import { describe, expect, it } from 'vitest';
import { EXPIRY_MARGIN_MS } from '../../../contracts/opening.ts';
import { shownOf } from '../../../workflows/lease/shown.ts';
import type { LeaseState } from '../../../workflows/lease/state.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, Drive, HOUR_MS, KIND, T0, type World } from './kit.ts';

/** Without an end. Half a day is held when it is leased, so that money is short within its first run. */
const END = T0 + 12 * HOUR_MS;
const open = (onUnfunded: 'release' | 'park', more: Parameters<typeof aLease>[0] = {}): LeaseState =>
  aLease({ durationMs: null, onUnfunded, ...more }, { leaseUntilMs: END });
const roomFrom = (fromMs: number): World => ({ ...KIND, hasRoom: (atMs) => atMs >= fromMs });
const NEVER = roomFrom(Infinity);

describe('a lease without an end', () => {
  it('holds the next slice two hours ahead, from the end of the last one', () => {
    const drive = new Drive(open('release')).until(T0 + DAY_MS - 1);
    expect(drive.times('fund')).toEqual([END - 2 * HOUR_MS]);
    expect(drive.life.creation.leaseUntilMs).toBe(END + DAY_MS);
    expect(drive.times('warn')).toEqual([]);
  });

  it('asks a quarter of the slice ahead where slices are short', () => {
    const drive = new Drive(aLease({ durationMs: null, sliceMs: 4_000 }, { leaseUntilMs: T0 + 4_000 })).until(
      T0 + 9_000,
    );
    expect(drive.times('fund')).toEqual([T0 + 3_000, T0 + 7_000]);
    expect(drive.life.creation.leaseUntilMs).toBe(T0 + 12_000);
  });

  it('asks again every ten minutes while there is no room, and shows it', () => {
    const drive = new Drive(open('release'), roomFrom(END - HOUR_MS)).until(END - 90 * 60_000);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: 'Unfunded' });
    drive.until(END);
    expect(drive.times('fund')).toEqual([120, 110, 100, 90, 80, 70, 60].map((minutes) => END - minutes * 60_000));
    expect(shownOf(drive.life).reason).toBeNull();
    expect(drive.life.creation.leaseUntilMs).toBe(END + DAY_MS);
  });

  it('asks once more exactly at the end', () => {
    const drive = new Drive(aLease({ durationMs: null, sliceMs: 4_000 }, { leaseUntilMs: T0 + 4_500 }), NEVER);
    expect(drive.until(T0 + 5_000).times('fund')).toEqual([T0 + 3_500, T0 + 4_500]);
  });

  it('asks at the end also where its next turn would come later', () => {
    const drive = new Drive(aLease({ durationMs: null }, { leaseUntilMs: T0 + 300_000 }), NEVER).until(T0 + 400_000);
    expect(drive.times('fund')).toEqual([T0, T0 + 300_000]);
  });

  it('goes on asking as often as its slices are short', () => {
    const short = aLease({ durationMs: null, onUnfunded: 'park', sliceMs: 4_000 }, { leaseUntilMs: T0 });
    expect(new Drive(short, NEVER).until(T0 + 3_500).times('fund')).toEqual([0, 1, 2, 3].map((s) => T0 + s * 1_000));
  });

  it('closes at the end of its funded time where its policy is release, and not before', () => {
    const drive = new Drive(open('release'), NEVER).until(END - 1);
    expect(drive.why).toBeUndefined();
    expect(drive.until(END)).toMatchObject({ why: 'Unfunded', nowMs: END });
  });

  it('parks then where its policy is park, and never closes by itself', () => {
    const drive = new Drive(open('park'), NEVER).until(T0 + DAY_MS - 1);
    expect(drive.why).toBeUndefined();
    expect(shownOf(drive.life)).toMatchObject({ phase: 'parked', reason: 'Unfunded' });
    expect(drive.times('fund').filter((atMs) => atMs > END)).toHaveLength(71);
  });

  it('goes on once there is room: what is held pays for the gap too, and for a slice from now on', () => {
    const drive = new Drive(open('park'), roomFrom(END + HOUR_MS)).until(END + 2 * HOUR_MS);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: null });
    expect(drive.life.creation.leaseUntilMs).toBe(END + HOUR_MS + DAY_MS);
  });

  it('asks for nothing while its cluster is gone, and asks anew when it works again', () => {
    let broken = true;
    const world: World = { condition: () => (broken ? 'gone' : 'ready'), hasRoom: () => !broken };
    const drive = new Drive(open('release'), world).until(END + 3 * HOUR_MS);
    expect(drive.times('fund')).toEqual([]);
    expect(drive.why).toBeUndefined();
    broken = false;
    drive.until(END + 5 * HOUR_MS);
    expect(drive.why).toBeUndefined();
    expect(drive.times('fund')).toHaveLength(1);
  });

  it('asks anew, before it closes for money, where its cluster vanished after a refusal and works again', () => {
    let now: 'ready' | 'gone' = 'ready';
    const drive = new Drive(open('release'), { condition: () => now, hasRoom: (atMs) => atMs > END });
    drive.until(END - HOUR_MS - 1);
    expect(drive.life.refusedAtMs).not.toBeNull();
    now = 'gone';
    drive.until(END + HOUR_MS);
    now = 'ready';
    expect(drive.until(END + 3 * HOUR_MS).why).toBeUndefined();
    expect(drive.life.creation.leaseUntilMs).toBeGreaterThan(END + DAY_MS);
  });

  it('goes on paying for a cluster that has failed and is parked: it costs as before', () => {
    const drive = new Drive(open('release'), { ...KIND, condition: () => 'failed' }).until(END + HOUR_MS);
    expect(drive.times('fund')).toEqual([END - 2 * HOUR_MS]);
    expect(drive.life.creation.leaseUntilMs).toBe(END + DAY_MS);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'parked', reason: 'ClusterFailed' });
  });

  it('does with one that has failed and is not paid for what its policy says', () => {
    const world: World = { ...NEVER, condition: () => 'failed' };
    expect(new Drive(open('release'), world).until(END)).toMatchObject({ why: 'Unfunded', nowMs: END });
    const parked = new Drive(open('park'), world).until(T0 + DAY_MS - 1);
    expect(parked.why).toBeUndefined();
    expect(shownOf(parked.life).note).toContain('no room');
  });

  it('reads its row where the ledger says that it is not leased', () => {
    const drive = new Drive(open('park'));
    drive.tell({ type: 'notLeased' });
    expect(drive.times('read')).toEqual([T0, T0]);
  });
});

describe("the provider's own expiry", () => {
  it('is moved at the start of a run, and after each slice', () => {
    const drive = new Drive(open('park', { vendorExpiry: true })).until(T0 + DAY_MS - 1);
    expect(drive.times('move')).toEqual([T0, END - 2 * HOUR_MS]);
  });

  it('is moved on and on, within its margin, while a lease is kept past its funded end', () => {
    const drive = new Drive(open('park', { vendorExpiry: true }), NEVER).until(END + 3 * HOUR_MS);
    const after = [END, ...drive.times('move').filter((atMs) => atMs > END)];
    expect(after.length).toBeGreaterThan(5);
    for (const [index, atMs] of after.entries())
      expect((after[index + 1] ?? atMs) - atMs).toBeLessThan(EXPIRY_MARGIN_MS);
  });

  it('is left alone once the cluster is gone', () => {
    const life = aLease({ durationMs: null, vendorExpiry: true }, { leaseUntilMs: T0 + HOUR_MS });
    const drive = new Drive(life, { ...NEVER, condition: (atMs) => (atMs > T0 ? 'gone' : 'ready') });
    drive.tell({ type: 'hinted', hint: { key: life.creation.key, observed: 'gone' } });
    expect(drive.until(T0 + 20 * HOUR_MS).times('move')).toEqual([T0]);
  });

  it('is moved for an extension that came while it was moved', () => {
    const drive = new Drive(aLease({ vendorExpiry: true }));
    drive.life = { ...drive.life, move: { atMs: null, underWay: true } };
    drive.tell({ type: 'held', creation: { ...drive.life.creation, leaseUntilMs: T0 + 2 * DAY_MS } });
    expect(drive.times('move')).toHaveLength(1);
    drive.tell({ type: 'moved' });
    expect(drive.times('move')).toHaveLength(2);
  });

  it('is tried again where moving it failed for good, and lists show it until then, whatever looks say', () => {
    const drive = new Drive(aLease({ vendorExpiry: true }));
    drive.tell({ type: 'moveFailed', failure: { type: 'Unauthorized', message: 'no' } });
    expect(drive.life.trouble.move).toContain('Unauthorized');
    drive.tell({ type: 'looked', seen: { condition: 'ready', detail: '', fallbackMs: HOUR_MS } });
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: 'ExpiryNotMoved' });
    expect(drive.times('read')).toHaveLength(2);
    drive.until(T0 + HOUR_MS);
    expect(drive.times('move')).toEqual([T0, T0 + 600_000]);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: null });
  });
});
