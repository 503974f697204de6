import { expect, it } from 'vitest';
import { Renotifier } from '../../../activities/monitor/renotify.ts';

const LONGEST_MS = 300_000;

const dueAt = (renotifier: Renotifier, nowMs: number, ...found: string[]): string[] =>
  renotifier.due(found, { idOf: (each) => each, nowMs, firstPauseMs: 1_000, longestPauseMs: LONGEST_MS });

it('repeats what is still found after ever longer pauses, and sends at once what is new or did not arrive', () => {
  const renotifier = new Renotifier();
  expect(dueAt(renotifier, 0, 'a')).toEqual(['a']);
  expect(dueAt(renotifier, 500, 'a', 'b')).toEqual(['b']);
  expect(dueAt(renotifier, 1_000, 'a', 'b')).toEqual(['a']);
  expect(dueAt(renotifier, 2_000, 'a')).toEqual([]);
  expect(dueAt(renotifier, 3_000, 'a')).toEqual(['a']);
  expect(renotifier.oldestMs(3_000)).toBe(3_000);
  renotifier.retry('a');
  expect(dueAt(renotifier, 3_001, 'a')).toEqual(['a']);
  expect(dueAt(renotifier, 3_002)).toEqual([]);
  expect(renotifier.oldestMs(3_002)).toBe(0);
  expect(dueAt(renotifier, 3_003, 'a')).toEqual(['a']);
});

it('never pauses longer than its bound', () => {
  const renotifier = new Renotifier();
  let sentAtMs = 0;
  for (let nowMs = 0; nowMs < 40 * LONGEST_MS; nowMs += 1_000) {
    if (dueAt(renotifier, nowMs, 'a').length > 0) sentAtMs = nowMs;
    expect(nowMs - sentAtMs).toBeLessThanOrEqual(LONGEST_MS);
  }
});
