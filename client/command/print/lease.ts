import pc from 'picocolors';
import type { Creation } from '../../../contracts/creation.ts';
import { formatDuration, formatTime } from '../../terminal/time.ts';

/** An end or a funded time less than this ahead is highlighted (policy), ms. */
const NEAR_MS = 3_600_000;

/** The state of a leased cluster in its colour: its condition, or `releasing` while it is deleted. */
export function leaseStateText({ state, condition }: Creation): string {
  if (state === 'closing') return pc.dim('releasing');
  switch (condition) {
    case 'degraded':
      return pc.yellow(condition);
    case 'failed':
    case 'gone':
      return pc.red(condition);
    case 'ready':
    case null:
      return pc.green('leased');
  }
}

/** When a lease ends; for a lease without an end, until when it is funded. Empty when it is not leased. */
export function leaseEndText({ state, terms, leaseUntilMs }: Creation, nowMs: number): string {
  if (state !== 'leased' || leaseUntilMs === null) return '';
  const leftMs = leaseUntilMs - nowMs;
  const near = leftMs < NEAR_MS ? pc.yellow : String;
  if (terms.durationMs === null) return near(`funded until ${formatTime(leaseUntilMs)}`);
  return near(leftMs > 0 ? `ends in ${formatDuration(leftMs)}` : 'ends now');
}
