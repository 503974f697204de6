import { describe, expect, it } from 'vitest';
import { EXPIRY_MARGIN_MS } from '../../../contracts/opening.ts';
import { leaseStatus } from '../../../workflows/lease/status.ts';
import type { LeaseState } from '../../../workflows/lease/state.ts';
import { LEASED_AT_MS } from '../../builders/creation.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, SimulatedLease, HOUR_MS, NO_TROUBLE, type Surroundings } from './simulated-lease.ts';

/** A lease without an end. Half a day is held when it begins, so that its funded time ends within its first run. */
const END = LEASED_AT_MS + 12 * HOUR_MS;
const open = (onUnfunded: 'release' | 'park', more: Parameters<typeof aLease>[0] = {}): LeaseState =>
  aLease({ durationMs: null, onUnfunded, ...more }, { leaseUntilMs: END });
const roomFrom = (fromMs: number): Surroundings => ({ ...NO_TROUBLE, hasRoom: (atMs) => atMs >= fromMs });
const NEVER = roomFrom(Infinity);

describe('a lease without an end', () => {
  it('holds the next slice two hours before the end of the last one', () => {
    const lease = new SimulatedLease(open('release')).advanceTo(LEASED_AT_MS + DAY_MS - 1);
    expect(lease.timesOf('hold-money')).toEqual([END - 2 * HOUR_MS]);
    expect(lease.state.creation.leaseUntilMs).toBe(END + DAY_MS);
    expect(lease.timesOf('warn')).toEqual([]);
  });

  it('holds short slices a quarter of their length ahead', () => {
    const lease = new SimulatedLease(
      aLease({ durationMs: null, sliceMs: 4_000 }, { leaseUntilMs: LEASED_AT_MS + 4_000 }),
    ).advanceTo(LEASED_AT_MS + 9_000);
    expect(lease.timesOf('hold-money')).toEqual([LEASED_AT_MS + 3_000, LEASED_AT_MS + 7_000]);
    expect(lease.state.creation.leaseUntilMs).toBe(LEASED_AT_MS + 12_000);
  });

  it('asks again every ten minutes while the budget has no room, and shows it', () => {
    const lease = new SimulatedLease(open('release'), roomFrom(END - HOUR_MS)).advanceTo(END - 90 * 60_000);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: 'Unfunded' });
    lease.advanceTo(END);
    expect(lease.timesOf('hold-money')).toEqual(
      [120, 110, 100, 90, 80, 70, 60].map((minutes) => END - minutes * 60_000),
    );
    expect(leaseStatus(lease.state).reason).toBeNull();
    expect(lease.state.creation.leaseUntilMs).toBe(END + DAY_MS);
  });

  it('asks once more exactly at the end', () => {
    const lease = new SimulatedLease(
      aLease({ durationMs: null, sliceMs: 4_000 }, { leaseUntilMs: LEASED_AT_MS + 4_500 }),
      NEVER,
    );
    expect(lease.advanceTo(LEASED_AT_MS + 5_000).timesOf('hold-money')).toEqual([
      LEASED_AT_MS + 3_500,
      LEASED_AT_MS + 4_500,
    ]);
  });

  it('asks at the end also when its next try would come later', () => {
    const lease = new SimulatedLease(
      aLease({ durationMs: null }, { leaseUntilMs: LEASED_AT_MS + 300_000 }),
      NEVER,
    ).advanceTo(LEASED_AT_MS + 400_000);
    expect(lease.timesOf('hold-money')).toEqual([LEASED_AT_MS, LEASED_AT_MS + 300_000]);
  });

  it('asks more often when its slices are short', () => {
    const short = aLease({ durationMs: null, onUnfunded: 'park', sliceMs: 4_000 }, { leaseUntilMs: LEASED_AT_MS });
    expect(new SimulatedLease(short, NEVER).advanceTo(LEASED_AT_MS + 3_500).timesOf('hold-money')).toEqual(
      [0, 1, 2, 3].map((s) => LEASED_AT_MS + s * 1_000),
    );
  });

  it('closes at the end of its funded time under the policy release, and not earlier', () => {
    const lease = new SimulatedLease(open('release'), NEVER).advanceTo(END - 1);
    expect(lease.why).toBeUndefined();
    expect(lease.advanceTo(END)).toMatchObject({ why: 'Unfunded', nowMs: END });
  });

  it('parks then under the policy park, and never closes by itself', () => {
    const lease = new SimulatedLease(open('park'), NEVER).advanceTo(LEASED_AT_MS + DAY_MS - 1);
    expect(lease.why).toBeUndefined();
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'Unfunded' });
    expect(lease.timesOf('hold-money').filter((atMs) => atMs > END)).toHaveLength(71);
  });

  it('goes on when the budget has room: the hold pays for the gap, and for a slice from now on', () => {
    const lease = new SimulatedLease(open('park'), roomFrom(END + HOUR_MS)).advanceTo(END + 2 * HOUR_MS);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: null });
    expect(lease.state.creation.leaseUntilMs).toBe(END + HOUR_MS + DAY_MS);
  });

  it('asks for no money while its cluster is gone, and asks again when it is back', () => {
    let broken = true;
    const surroundings: Surroundings = { condition: () => (broken ? 'gone' : 'ready'), hasRoom: () => !broken };
    const lease = new SimulatedLease(open('release'), surroundings).advanceTo(END + 3 * HOUR_MS);
    expect(lease.timesOf('hold-money')).toEqual([]);
    expect(lease.why).toBeUndefined();
    broken = false;
    lease.advanceTo(END + 5 * HOUR_MS);
    expect(lease.why).toBeUndefined();
    expect(lease.timesOf('hold-money')).toHaveLength(1);
  });

  it('asks again before it closes for money, when its cluster vanished after a refusal and is back', () => {
    let now: 'ready' | 'gone' = 'ready';
    const lease = new SimulatedLease(open('release'), { condition: () => now, hasRoom: (atMs) => atMs > END });
    lease.advanceTo(END - HOUR_MS - 1);
    expect(lease.state.refusedAtMs).not.toBeNull();
    now = 'gone';
    lease.advanceTo(END + HOUR_MS);
    now = 'ready';
    expect(lease.advanceTo(END + 3 * HOUR_MS).why).toBeUndefined();
    expect(lease.state.creation.leaseUntilMs).toBeGreaterThan(END + DAY_MS);
  });

  it('goes on paying for a failed cluster, which costs as before', () => {
    const lease = new SimulatedLease(open('release'), { ...NO_TROUBLE, condition: () => 'failed' }).advanceTo(
      END + HOUR_MS,
    );
    expect(lease.timesOf('hold-money')).toEqual([END - 2 * HOUR_MS]);
    expect(lease.state.creation.leaseUntilMs).toBe(END + DAY_MS);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason: 'ClusterFailed' });
  });

  it('follows its policy when a failed cluster is not paid for', () => {
    const surroundings: Surroundings = { ...NEVER, condition: () => 'failed' };
    expect(new SimulatedLease(open('release'), surroundings).advanceTo(END)).toMatchObject({
      why: 'Unfunded',
      nowMs: END,
    });
    const parked = new SimulatedLease(open('park'), surroundings).advanceTo(LEASED_AT_MS + DAY_MS - 1);
    expect(parked.why).toBeUndefined();
    expect(leaseStatus(parked.state).note).toContain('no room');
  });

  it('reads its row when the ledger says that it is not leased', () => {
    const lease = new SimulatedLease(open('park'));
    lease.record({ type: 'notLeased' });
    expect(lease.timesOf('read-row')).toEqual([LEASED_AT_MS, LEASED_AT_MS]);
  });
});

describe("the provider's own expiry", () => {
  it('is moved at the start of a run, and after each slice', () => {
    const lease = new SimulatedLease(open('park', { vendorExpiry: true })).advanceTo(LEASED_AT_MS + DAY_MS - 1);
    expect(lease.timesOf('move-expiry')).toEqual([LEASED_AT_MS, END - 2 * HOUR_MS]);
  });

  it('is moved again and again, within its margin, while a lease is kept past its funded end', () => {
    const lease = new SimulatedLease(open('park', { vendorExpiry: true }), NEVER).advanceTo(END + 3 * HOUR_MS);
    const after = [END, ...lease.timesOf('move-expiry').filter((atMs) => atMs > END)];
    expect(after.length).toBeGreaterThan(5);
    for (const [index, atMs] of after.entries())
      expect((after[index + 1] ?? atMs) - atMs).toBeLessThan(EXPIRY_MARGIN_MS);
  });

  it('is not moved after the cluster is gone', () => {
    const state = aLease({ durationMs: null, vendorExpiry: true }, { leaseUntilMs: LEASED_AT_MS + HOUR_MS });
    const lease = new SimulatedLease(state, {
      ...NEVER,
      condition: (atMs) => (atMs > LEASED_AT_MS ? 'gone' : 'ready'),
    });
    lease.record({ type: 'hinted', hint: { key: state.creation.key, observed: 'gone' } });
    expect(lease.advanceTo(LEASED_AT_MS + 20 * HOUR_MS).timesOf('move-expiry')).toEqual([LEASED_AT_MS]);
  });

  it('is moved again for an extension that came during a move', () => {
    const lease = new SimulatedLease(aLease({ vendorExpiry: true }));
    lease.state = { ...lease.state, move: { nextAtMs: null, underWay: true } };
    lease.record({ type: 'held', creation: { ...lease.state.creation, leaseUntilMs: LEASED_AT_MS + 2 * DAY_MS } });
    expect(lease.timesOf('move-expiry')).toHaveLength(1);
    lease.record({ type: 'moved' });
    expect(lease.timesOf('move-expiry')).toHaveLength(2);
  });

  it('is moved again after a failure, and lists show the failure until then, whatever inspections say', () => {
    const lease = new SimulatedLease(aLease({ vendorExpiry: true }));
    lease.record({ type: 'moveFailed', failure: { type: 'Unauthorized', message: 'no' } });
    expect(lease.state.trouble.move).toContain('Unauthorized');
    lease.record({ type: 'inspected', seen: { condition: 'ready', detail: '', fallbackMs: HOUR_MS } });
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: 'ExpiryNotMoved' });
    expect(lease.timesOf('read-row')).toHaveLength(2);
    lease.advanceTo(LEASED_AT_MS + HOUR_MS);
    expect(lease.timesOf('move-expiry')).toEqual([LEASED_AT_MS, LEASED_AT_MS + 600_000]);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: null });
  });
});
