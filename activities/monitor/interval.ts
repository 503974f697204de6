import {
  MONITOR_IDLE_INTERVAL_MS,
  MONITOR_INTERVAL_MS,
  MONITOR_LEASES_INTERVAL_MS,
  MONITOR_PAGES_PER_SECOND,
  MONITOR_THROTTLED_MAX_MS,
} from '../../contracts/limits.ts';
import type { Counts } from '../ledger/monitor-ledger.ts';

/** Clusters in one page of a listing, at every provider. */
const PAGE = 100;

/** What the pause between two sweeps depends on. */
export interface SweepLoad {
  /** The region's open, leased and closing creations, and how many of them are open. */
  readonly counts: Counts;
  /** Clusters in the last listing. */
  readonly listed: number;
  /** Sweeps in a row that the provider throttled. */
  readonly throttled: number;
}

/**
 * The pause between two sweeps, ms of the provider's time. It is short while requests wait, longer while there are only
 * leases, and longest while there is neither. A long listing makes it longer, so that the calls per second stay bounded.
 * Each throttled sweep doubles it.
 */
export function sweepIntervalMs({ counts, listed, throttled }: SweepLoad): number {
  const wanted =
    counts.open > 0 ? MONITOR_INTERVAL_MS : counts.active > 0 ? MONITOR_LEASES_INTERVAL_MS : MONITOR_IDLE_INTERVAL_MS;
  const affordable = (Math.max(1, Math.ceil(listed / PAGE)) / MONITOR_PAGES_PER_SECOND) * 1_000;
  const base = Math.max(wanted, affordable);
  return throttled === 0 ? base : Math.max(base, Math.min(base * 2 ** throttled, MONITOR_THROTTLED_MAX_MS));
}
