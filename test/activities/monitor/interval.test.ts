import { expect, it } from 'vitest';
import { sweepIntervalMs } from '../../../activities/monitor/interval.ts';
import {
  MONITOR_IDLE_INTERVAL_MS,
  MONITOR_INTERVAL_MS,
  MONITOR_LEASES_INTERVAL_MS,
  MONITOR_THROTTLED_MAX_MS,
} from '../../../contracts/limits.ts';

const OPEN = { active: 1, open: 1 };

it('sweeps often while requests wait, less often for leases alone, and rarely for neither', () => {
  const interval = (active: number, open: number): number =>
    sweepIntervalMs({ counts: { active, open }, listed: 1, throttled: 0 });
  expect(interval(2, 1)).toBe(MONITOR_INTERVAL_MS);
  expect(interval(2, 0)).toBe(MONITOR_LEASES_INTERVAL_MS);
  expect(interval(0, 0)).toBe(MONITOR_IDLE_INTERVAL_MS);
});

it('reads at most one page per second, however many requests wait', () => {
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
