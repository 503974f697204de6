import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { MonitorReport } from '../../contracts/findings.ts';
import { MAX_VENDOR_TEXT, MONITOR_KEEP_MS, MONITOR_RUN_MS, MONITOR_TICK_MS } from '../../contracts/limits.ts';
import type { Counts } from '../ledger/monitor-ledger.ts';
import { ProviderError } from '../providers/errors.ts';
import { sweepIntervalMs } from './interval.ts';
import type { MonitorContext } from './region-snapshot.ts';
import { monitorPauseMs } from './pause.ts';
import { Sweeper, type Swept, type SweepSettings } from './sweep.ts';

/** A sweep that takes longer than this is given up, ms (policy): a thousand pages at a second each would still fit twice. */
const LONGEST_SWEEP_MS = 30 * 60_000;

/** Who runs the monitor: hears that it lives, and ends it. */
export interface Keeper {
  beat(report: MonitorReport): void;
  /** Fires when the monitor shall end: it was cancelled, or its worker stops. */
  readonly signal: AbortSignal;
  /** What each sweep came to, for those who measure; an error where it failed. */
  swept(outcome: Swept | Error, report: MonitorReport, tookMs: number): void;
}

/**
 * Sweeps a region until it has run for MONITOR_RUN_MS, or is told to end. Between sweeps it looks into the ledger, which
 * costs no provider call, whether one has become due sooner. It remembers nothing that matters: another one that begins
 * anew finds everything again.
 */
export async function monitor(
  monitorContext: MonitorContext,
  settings: SweepSettings,
  keeper: Keeper,
): Promise<MonitorReport> {
  const { speed } = monitorContext.timing;
  const sweeper = new Sweeper(monitorContext, settings);
  // By a clock that never jumps: one that was set back would stop the sweeps.
  const startedAt = performance.now();
  let report: MonitorReport = NOTHING_YET;
  let listed = 0;
  let throttled = 0;
  let sweptAt = -Infinity;
  let ownersAt = -Infinity;

  const sweep = async (intervalMs: number): Promise<void> => {
    const beganAt = performance.now();
    const withOwners = beganAt - ownersAt >= monitorPauseMs(MONITOR_KEEP_MS, speed);
    const outcome = await alive(keeper, report, () => sweeper.sweep(withOwners, intervalMs));
    sweptAt = performance.now();
    if (outcome instanceof Error) {
      throttled = isThrottling(outcome) ? throttled + 1 : throttled;
      report = { ...report, intervalMs, trouble: outcome.message };
    } else {
      throttled = Math.max(0, throttled - 1);
      listed = outcome.listed.length;
      if (withOwners) ownersAt = beganAt;
      report = after(report, outcome, intervalMs);
    }
    keeper.swept(outcome, report, sweptAt - beganAt);
  };

  while (!keeper.signal.aborted && performance.now() - startedAt < MONITOR_RUN_MS) {
    const counts = await countsOr(monitorContext, settings.region);
    if (counts instanceof Error) {
      report = { ...report, trouble: counts.message };
    } else {
      const intervalMs = monitorPauseMs(sweepIntervalMs({ counts, listed, throttled }), speed);
      if (performance.now() - sweptAt >= intervalMs) await sweep(intervalMs);
    }
    keeper.beat(report);
    await pause(monitorPauseMs(MONITOR_TICK_MS, speed), undefined, { signal: keeper.signal }).catch(() => undefined);
  }
  return report;
}

const isThrottling = (error: Error): boolean => error instanceof ProviderError && error.kind === 'throttled';

const NOTHING_YET: MonitorReport = {
  ...{ sweeps: 0, sweptAtMs: null, intervalMs: 0, listed: 0, waiting: 0, leases: 0, strays: 0, lagMs: 0 },
  ...{ told: 0, leasesStarted: 0, cleanupsStarted: 0, cleanupsLeft: 0, trouble: null },
};

const after = (before: MonitorReport, swept: Swept, intervalMs: number): MonitorReport => ({
  sweeps: before.sweeps + 1,
  sweptAtMs: Date.now(),
  intervalMs,
  listed: swept.listed.length,
  waiting: swept.rows.filter(({ state }) => state === 'open').length,
  leases: swept.rows.filter(({ state }) => state === 'leased').length,
  strays: swept.findings.filter(({ kind }) => kind === 'stray').length,
  lagMs: swept.lagMs,
  told: before.told + swept.told,
  leasesStarted: before.leasesStarted + swept.leasesStarted,
  cleanupsStarted: before.cleanupsStarted + swept.cleanupsStarted,
  cleanupsLeft: swept.cleanupsLeft,
  trouble: swept.troubles[0]?.slice(0, MAX_VENDOR_TEXT) ?? null,
});

/** A ledger that does not answer is trouble to be shown; the next look may find it back. */
async function countsOr({ monitorLedger }: MonitorContext, region: string): Promise<Counts | Error> {
  try {
    return await monitorLedger.counts(region);
  } catch (error) {
    return asError(error);
  }
}

/** Runs a sweep; beats meanwhile, for one that reads a hundred pages is alive too, but not one that never ends. */
async function alive(keeper: Keeper, report: MonitorReport, sweep: () => Promise<Swept>): Promise<Swept | Error> {
  const untilMs = Date.now() + LONGEST_SWEEP_MS;
  const beats = setInterval(() => {
    if (Date.now() < untilMs) keeper.beat(report);
  }, MONITOR_TICK_MS);
  try {
    return await sweep();
  } catch (error) {
    return asError(error);
  } finally {
    clearInterval(beats);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
