import { describe, expect, it } from 'vitest';
import { leaseStatus } from '../../../workflows/lease/status.ts';
import { LEASED_AT_MS } from '../../builders/creation.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, SimulatedLease, HOUR_MS, NO_TROUBLE, type Surroundings } from './simulated-lease.ts';

const KEY = aLease().creation.key;
const hint = (observed: 'ready' | 'failed' | 'gone' | 'degraded' | 'closing', key = KEY) =>
  ({ type: 'hinted', hint: { key, observed } }) as const;
const secondsAfter = (fromMs: number, times: readonly number[]) => times.map((atMs) => (atMs - fromMs) / 1000);

describe('a lease inspects its cluster', () => {
  it('at the start, and each time its fallback time is over', () => {
    expect(new SimulatedLease(aLease()).advanceTo(LEASED_AT_MS + 2 * HOUR_MS).timesOf('inspect')).toEqual([
      LEASED_AT_MS,
      LEASED_AT_MS + HOUR_MS,
      LEASED_AT_MS + 2 * HOUR_MS,
    ]);
  });

  it('at once after a hint for its own key, and for no other', () => {
    const lease = new SimulatedLease(aLease()).advanceTo(LEASED_AT_MS + 60_000);
    lease.record(hint('ready', 'mu-aaaaaa-2'));
    expect(lease.timesOf('inspect')).toHaveLength(1);
    lease.record(hint('ready'));
    expect(lease.timesOf('inspect')).toEqual([LEASED_AT_MS, LEASED_AT_MS + 60_000]);
  });

  it('after longer and longer pauses while a hint is not confirmed, and then only after the fallback time', () => {
    const lease = new SimulatedLease(aLease()).advanceTo(LEASED_AT_MS + 60_000);
    lease.record(hint('failed'));
    lease.advanceTo(LEASED_AT_MS + 30 * 60_000);
    expect(secondsAfter(LEASED_AT_MS + 60_000, lease.timesOf('inspect').slice(1))).toEqual([0, 2, 6, 14, 30, 62, 122]);
  });

  it('once where it finds another change than the hint said', () => {
    const lease = new SimulatedLease(aLease(), {
      ...NO_TROUBLE,
      condition: (atMs) => (atMs > LEASED_AT_MS ? 'degraded' : 'ready'),
    });
    lease.advanceTo(LEASED_AT_MS + 60_000).record(hint('failed'));
    expect(lease.advanceTo(LEASED_AT_MS + 30 * 60_000).timesOf('inspect')).toEqual([
      LEASED_AT_MS,
      LEASED_AT_MS + 60_000,
    ]);
  });

  it('not for each hint that comes between two rechecks', () => {
    const lease = new SimulatedLease(aLease()).advanceTo(LEASED_AT_MS + 60_000);
    lease.record(hint('failed'));
    for (let i = 0; i < 50; i += 1) lease.record(hint('failed'));
    lease.advanceTo(LEASED_AT_MS + 62_000);
    expect(secondsAfter(LEASED_AT_MS + 60_000, lease.timesOf('inspect').slice(1))).toEqual([0, 2]);
  });

  it('once for each hint when no rechecks are left', () => {
    const lease = new SimulatedLease(aLease()).advanceTo(LEASED_AT_MS + 60_000);
    lease.record(hint('failed'));
    lease.advanceTo(LEASED_AT_MS + 20 * 60_000);
    const before = lease.timesOf('inspect').length;
    lease.record(hint('failed'));
    lease.advanceTo(LEASED_AT_MS + 40 * 60_000);
    expect(lease.timesOf('inspect')).toHaveLength(before + 1);
  });

  it('not while an inspection runs', () => {
    const lease = new SimulatedLease(aLease());
    lease.state = { ...lease.state, inspection: { ...lease.state.inspection, underWay: true } };
    lease.record(hint('failed'));
    expect(lease.timesOf('inspect')).toHaveLength(1);
  });

  it('and reads its row when an inspection says that it closes', () => {
    const lease = new SimulatedLease(aLease());
    lease.record({ type: 'inspected', seen: { condition: 'closing', detail: '', fallbackMs: HOUR_MS } });
    expect(lease.timesOf('read-row')).toEqual([LEASED_AT_MS, LEASED_AT_MS]);
  });

  it('again soon after a failed inspection, reads its row, and shows the failure until an inspection succeeds', () => {
    const lease = new SimulatedLease(aLease());
    lease.record({ type: 'inspectionFailed', failure: { type: 'Unauthorized', message: 'no' } });
    expect(lease.state.trouble.inspection).toContain('Unauthorized');
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: 'InspectionFails' });
    expect(lease.timesOf('read-row')).toHaveLength(2);
    expect(lease.advanceTo(LEASED_AT_MS + 700_000).timesOf('inspect')).toEqual([LEASED_AT_MS, LEASED_AT_MS + 600_000]);
    expect(leaseStatus(lease.state).reason).toBeNull();
  });
});

describe('a cluster', () => {
  const from = (fromMs: number, condition: 'failed' | 'gone' | 'degraded', toMs = Infinity): Surroundings => ({
    ...NO_TROUBLE,
    condition: (atMs) => (atMs >= fromMs && atMs < toMs ? condition : 'ready'),
  });

  it('that lacks nodes is shown, and its lease does nothing else', () => {
    const lease = new SimulatedLease(aLease({ onBroken: 'release' }), from(LEASED_AT_MS + 1, 'degraded')).advanceTo(
      LEASED_AT_MS + 2 * HOUR_MS,
    );
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: 'ClusterDegraded' });
    expect(lease.why).toBeUndefined();
  });

  it.each([
    ['failed', 'ClusterFailed'],
    ['gone', 'ClusterVanished'],
  ] as const)('that is %s parks its lease by default, and the lease goes on when it is back', (condition, reason) => {
    const open = aLease({ durationMs: null }, { leaseUntilMs: LEASED_AT_MS + 30 * HOUR_MS });
    const lease = new SimulatedLease(open, from(LEASED_AT_MS + 1, condition, LEASED_AT_MS + 5 * HOUR_MS)).advanceTo(
      LEASED_AT_MS + 2 * HOUR_MS,
    );
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'parked', reason });
    expect(lease.state.creation.conditionAtMs).toBe(LEASED_AT_MS + HOUR_MS);
    lease.advanceTo(LEASED_AT_MS + 6 * HOUR_MS);
    expect(leaseStatus(lease.state)).toMatchObject({ phase: 'leased', reason: null });
  });

  it.each(['release', 'reprovision'] as const)('that failed closes its lease under the policy %s', (onBroken) => {
    const lease = new SimulatedLease(aLease({ onBroken }), from(LEASED_AT_MS + 1, 'failed')).advanceTo(
      LEASED_AT_MS + DAY_MS,
    );
    expect(lease).toMatchObject({ why: 'Broken' });
    expect(lease.timesOf('close')).toEqual([LEASED_AT_MS + HOUR_MS]);
  });

  it('whose lease is parked is released when somebody orders it', () => {
    const lease = new SimulatedLease(aLease(), from(LEASED_AT_MS, 'failed'));
    lease.record({ type: 'releaseOrdered', order: { who: 'ada', why: '' } });
    expect(lease.why).toBe('Released');
  });
});
