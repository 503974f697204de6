import pc from 'picocolors';
import type { Creation } from '../../../contracts/creation.ts';
import { duration, moment } from '../../terminal/time.ts';

/** The end of a lease, or of its money, is near (policy), ms. */
const NEAR_MS = 3_600_000;

/** What a leased cluster is, in its colour; one that is being deleted is `releasing`. */
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

/** When a lease ends; of one without an end, until when it is funded. Empty where neither is told. */
export function leaseEndText({ state, terms, leaseUntilMs }: Creation, nowMs: number): string {
  if (state !== 'leased' || leaseUntilMs === null) return '';
  const leftMs = leaseUntilMs - nowMs;
  const near = leftMs < NEAR_MS ? pc.yellow : String;
  if (terms.durationMs === null) return near(`funded until ${moment(leaseUntilMs)}`);
  return near(leftMs > 0 ? `ends in ${duration(leftMs)}` : 'ends now');
}
