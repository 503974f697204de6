import { expect, it } from 'vitest';
import { sweepIntervalMs } from '../../../activities/monitor/interval.ts';
import { Renotifier } from '../../../activities/monitor/renotify.ts';
import {
  MONITOR_IDLE_INTERVAL_MS,
  MONITOR_INTERVAL_MS,
  MONITOR_LEASES_INTERVAL_MS,
  MONITOR_THROTTLED_MAX_MS,
} from '../../../contracts/limits.ts';

const LONGEST_MS = 300_000;
const OPEN = { active: 1, open: 1 };

it('sweeps often while requests wait, less for leases alone, and seldom where nothing of ours lives', () => {
  const interval = (active: number, open: number): number =>
    sweepIntervalMs({ counts: { active, open }, listed: 1, throttled: 0 });
  expect(interval(2, 1)).toBe(MONITOR_INTERVAL_MS);
  expect(interval(2, 0)).toBe(MONITOR_LEASES_INTERVAL_MS);
  expect(interval(0, 0)).toBe(MONITOR_IDLE_INTERVAL_MS);
});

it('reads no more than a page a second, however many wait', () => {
  expect(sweepIntervalMs({ counts: OPEN, listed: 3_000, throttled: 0 })).toBe(MONITOR_INTERVAL_MS);
  expect(sweepIntervalMs({ counts: OPEN, listed: 10_000, throttled: 0 })).toBe(100_000);
});

it('doubles its interval while it is throttled, up to a bound', () => {
  const after = (throttled: number): number => sweepIntervalMs({ counts: OPEN, listed: 1, throttled });
  expect(after(1)).toBe(2 * MONITOR_INTERVAL_MS);
  expect(after(2)).toBe(4 * MONITOR_INTERVAL_MS);
  expect(after(20)).toBe(MONITOR_THROTTLED_MAX_MS);
  expect(sweepIntervalMs({ counts: { active: 0, open: 0 }, listed: 1, throttled: 5 })).toBe(MONITOR_IDLE_INTERVAL_MS);
});

it('tells again after ever longer pauses what is still found, and at once what is new or did not arrive', () => {
  const renotifier = new Renotifier();
  const at = (ms: number, ...found: string[]): string[] =>
    renotifier.due(found, { idOf: (each) => each, nowMs: ms, firstPauseMs: 1_000, longestPauseMs: LONGEST_MS });
  expect(at(0, 'a')).toEqual(['a']);
  expect(at(500, 'a', 'b')).toEqual(['b']);
  expect(at(1_000, 'a', 'b')).toEqual(['a']);
  expect(at(2_000, 'a')).toEqual([]);
  expect(at(3_000, 'a')).toEqual(['a']);
  expect(renotifier.oldestMs(3_000)).toBe(3_000);
  renotifier.forget('a');
  expect(at(3_001, 'a')).toEqual(['a']);
  expect(at(3_002)).toEqual([]);
  expect(renotifier.oldestMs(3_002)).toBe(0);
  expect(at(3_003, 'a')).toEqual(['a']);
});

it('never keeps silent for longer than its bound', () => {
  const renotifier = new Renotifier();
  let toldAtMs = 0;
  for (let ms = 0; ms < 40 * LONGEST_MS; ms += 1_000) {
    if (
      renotifier.due(['a'], { idOf: (each) => each, nowMs: ms, firstPauseMs: 1_000, longestPauseMs: LONGEST_MS })
        .length > 0
    )
      toldAtMs = ms;
    expect(ms - toldAtMs).toBeLessThanOrEqual(LONGEST_MS);
  }
});
