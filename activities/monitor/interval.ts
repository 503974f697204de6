import {
  MONITOR_IDLE_INTERVAL_MS,
  MONITOR_INTERVAL_MS,
  MONITOR_LEASES_INTERVAL_MS,
  MONITOR_PAGES_PER_SECOND,
  MONITOR_THROTTLED_MAX_MS,
} from '../../contracts/limits.ts';
import type { Counts } from '../ledger/monitor-ledger.ts';

/** Clusters a page of a listing, at every provider. */
const PAGE = 100;

/** What makes sweeps more or less frequent. */
export interface Demand {
  /** Creations of the region that are open, leased or closing, and how many of them are open. */
  readonly counts: Counts;
  /** Clusters of the last listing. */
  readonly listed: number;
  /** Sweeps in a row that the provider refused for coming too fast. */
  readonly throttled: number;
}

/**
 * The pause between two sweeps, ms of the provider's time: short while requests wait, longer while there are only leases,
 * long while nothing of ours lives; longer where the listing is long, so that the calls a second have a bound; and doubled
 * each time the provider throttles.
 */
export function sweepIntervalMs({ counts, listed, throttled }: Demand): number {
  const wanted =
    counts.open > 0 ? MONITOR_INTERVAL_MS : counts.active > 0 ? MONITOR_LEASES_INTERVAL_MS : MONITOR_IDLE_INTERVAL_MS;
  const affordable = (Math.max(1, Math.ceil(listed / PAGE)) / MONITOR_PAGES_PER_SECOND) * 1_000;
  const base = Math.max(wanted, affordable);
  return throttled === 0 ? base : Math.max(base, Math.min(base * 2 ** throttled, MONITOR_THROTTLED_MAX_MS));
}
