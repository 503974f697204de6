import { describe, expect, it } from 'vitest';
import { shownOf } from '../../../workflows/lease/shown.ts';
import { aLease } from '../../builders/lease.ts';
import { DAY_MS, Drive, HOUR_MS, KIND, T0, type World } from './kit.ts';

const KEY = aLease().creation.key;
const hint = (observed: 'ready' | 'failed' | 'gone' | 'degraded' | 'closing', key = KEY) =>
  ({ type: 'hinted', hint: { key, observed } }) as const;
const secondsAfter = (fromMs: number, times: readonly number[]) => times.map((atMs) => (atMs - fromMs) / 1000);

describe('a lease looks at its cluster', () => {
  it('at the start, and each time its fallback is over', () => {
    expect(new Drive(aLease()).until(T0 + 2 * HOUR_MS).times('look')).toEqual([T0, T0 + HOUR_MS, T0 + 2 * HOUR_MS]);
  });

  it('at once when it is told, and only of its own key', () => {
    const drive = new Drive(aLease()).until(T0 + 60_000);
    drive.tell(hint('ready', 'mu-aaaaaa-2'));
    expect(drive.times('look')).toHaveLength(1);
    drive.tell(hint('ready'));
    expect(drive.times('look')).toEqual([T0, T0 + 60_000]);
  });

  it('after ever longer pauses where a hint is not confirmed, then not before the fallback', () => {
    const drive = new Drive(aLease()).until(T0 + 60_000);
    drive.tell(hint('failed'));
    drive.until(T0 + 30 * 60_000);
    expect(secondsAfter(T0 + 60_000, drive.times('look').slice(1))).toEqual([0, 2, 6, 14, 30, 62, 122]);
  });

  it('no sooner again where the look shows another change than it was told of', () => {
    const drive = new Drive(aLease(), { ...KIND, condition: (atMs) => (atMs > T0 ? 'degraded' : 'ready') });
    drive.until(T0 + 60_000).tell(hint('failed'));
    expect(drive.until(T0 + 30 * 60_000).times('look')).toEqual([T0, T0 + 60_000]);
  });

  it('once, and not at each of the hints that come in a pause', () => {
    const drive = new Drive(aLease()).until(T0 + 60_000);
    drive.tell(hint('failed'));
    for (let i = 0; i < 50; i += 1) drive.tell(hint('failed'));
    drive.until(T0 + 62_000);
    expect(secondsAfter(T0 + 60_000, drive.times('look').slice(1))).toEqual([0, 2]);
  });

  it('once a hint, where doubts have led to nothing before', () => {
    const drive = new Drive(aLease()).until(T0 + 60_000);
    drive.tell(hint('failed'));
    drive.until(T0 + 20 * 60_000);
    const before = drive.times('look').length;
    drive.tell(hint('failed'));
    drive.until(T0 + 40 * 60_000);
    expect(drive.times('look')).toHaveLength(before + 1);
  });

  it('not twice at a time', () => {
    const drive = new Drive(aLease());
    drive.life = { ...drive.life, look: { ...drive.life.look, underWay: true } };
    drive.tell(hint('failed'));
    expect(drive.times('look')).toHaveLength(1);
  });

  it('and reads its row where the look says that it closes', () => {
    const drive = new Drive(aLease());
    drive.tell({ type: 'looked', seen: { condition: 'closing', detail: '', fallbackMs: HOUR_MS } });
    expect(drive.times('read')).toEqual([T0, T0]);
  });

  it('again soon, after reading its row, where a look failed for good, and shows that until one succeeds', () => {
    const drive = new Drive(aLease());
    drive.tell({ type: 'lookFailed', failure: { type: 'Unauthorized', message: 'no' } });
    expect(drive.life.trouble.look).toContain('Unauthorized');
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: 'LooksFail' });
    expect(drive.times('read')).toHaveLength(2);
    expect(drive.until(T0 + 700_000).times('look')).toEqual([T0, T0 + 600_000]);
    expect(shownOf(drive.life).reason).toBeNull();
  });
});

describe('a cluster', () => {
  const from = (fromMs: number, condition: 'failed' | 'gone' | 'degraded', toMs = Infinity): World => ({
    ...KIND,
    condition: (atMs) => (atMs >= fromMs && atMs < toMs ? condition : 'ready'),
  });

  it('that lacks nodes is shown, and nothing is done about it', () => {
    const drive = new Drive(aLease({ onBroken: 'release' }), from(T0 + 1, 'degraded')).until(T0 + 2 * HOUR_MS);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: 'ClusterDegraded' });
    expect(drive.why).toBeUndefined();
  });

  it.each([
    ['failed', 'ClusterFailed'],
    ['gone', 'ClusterVanished'],
  ] as const)('that is %s is parked by default, and leased again when it is back', (condition, reason) => {
    const open = aLease({ durationMs: null }, { leaseUntilMs: T0 + 30 * HOUR_MS });
    const drive = new Drive(open, from(T0 + 1, condition, T0 + 5 * HOUR_MS)).until(T0 + 2 * HOUR_MS);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'parked', reason });
    expect(drive.life.creation.conditionAtMs).toBe(T0 + HOUR_MS);
    drive.until(T0 + 6 * HOUR_MS);
    expect(shownOf(drive.life)).toMatchObject({ phase: 'leased', reason: null });
  });

  it.each(['release', 'reprovision'] as const)('that failed closes its lease where the policy is %s', (onBroken) => {
    const drive = new Drive(aLease({ onBroken }), from(T0 + 1, 'failed')).until(T0 + DAY_MS);
    expect(drive).toMatchObject({ why: 'Broken' });
    expect(drive.times('close')).toEqual([T0 + HOUR_MS]);
  });

  it('that is parked is released when somebody orders it', () => {
    const drive = new Drive(aLease(), from(T0, 'failed'));
    drive.tell({ type: 'ordered', order: { who: 'ada', why: '' } });
    expect(drive.why).toBe('Released');
  });
});
