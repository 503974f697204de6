import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { MonitorReport } from '../../contracts/findings.ts';
import { MAX_VENDOR_TEXT, MONITOR_KEEP_MS, MONITOR_RUN_MS, MONITOR_TICK_MS } from '../../contracts/limits.ts';
import type { Counts } from '../ledger/monitor-ledger.ts';
import { ProviderError } from '../providers/errors.ts';
import { sweepIntervalMs } from './interval.ts';
import { monitorPauseMs } from './pause.ts';
import type { MonitorContext } from './region-snapshot.ts';
import { Sweeper, type SweepResult, type SweepSettings } from './sweep.ts';

/** A sweep stops sending heartbeats after this, ms (policy): twice the time of a thousand pages at a second each. */
const LONGEST_SWEEP_MS = 30 * 60_000;

/** What runs the monitor: it receives heartbeats and results, and it ends the monitor. */
export interface MonitorHost {
  heartbeat(report: MonitorReport): void;
  /** Fires when the monitor is to end: it was cancelled, or its worker stops. */
  readonly signal: AbortSignal;
  /** Called after each sweep, with an error for one that failed. */
  onSweep(result: SweepResult | Error, report: MonitorReport, tookMs: number): void;
}

/**
 * Sweeps a region until it has run for MONITOR_RUN_MS or its host ends it. Between sweeps it reads the ledger, which costs
 * no provider call, to see whether the next sweep should come sooner. It keeps no state that matters: a new monitor finds
 * everything again.
 */
export async function monitor(
  context: MonitorContext,
  settings: SweepSettings,
  host: MonitorHost,
): Promise<MonitorReport> {
  const { speed } = context.timing;
  const sweeper = new Sweeper(context, settings);
  // All intervals are measured on a clock that never jumps: one that is set back would stop the sweeps.
  const startedAt = performance.now();
  let report: MonitorReport = NO_SWEEP_YET;
  let listed = 0;
  let throttled = 0;
  let sweptAt = -Infinity;
  let ownersAt = -Infinity;

  const sweep = async (intervalMs: number): Promise<void> => {
    const sweepStartedAt = performance.now();
    const withOwners = sweepStartedAt - ownersAt >= monitorPauseMs(MONITOR_KEEP_MS, speed);
    const result = await withHeartbeats(host, report, () => sweeper.sweep(withOwners, intervalMs));
    sweptAt = performance.now();
    if (result instanceof Error) {
      throttled = isThrottled(result) ? throttled + 1 : throttled;
      report = { ...report, intervalMs, problem: result.message };
    } else {
      throttled = Math.max(0, throttled - 1);
      listed = result.listed.length;
      if (withOwners) ownersAt = sweepStartedAt;
      report = reportAfter(report, result, intervalMs);
    }
    host.onSweep(result, report, sweptAt - sweepStartedAt);
  };

  while (!host.signal.aborted && performance.now() - startedAt < MONITOR_RUN_MS) {
    const counts = await countsOrError(context, settings.region);
    if (counts instanceof Error) {
      report = { ...report, problem: counts.message };
    } else {
      const intervalMs = monitorPauseMs(sweepIntervalMs({ counts, listed, throttled }), speed);
      if (performance.now() - sweptAt >= intervalMs) await sweep(intervalMs);
    }
    host.heartbeat(report);
    await pause(monitorPauseMs(MONITOR_TICK_MS, speed), undefined, { signal: host.signal }).catch(() => undefined);
  }
  return report;
}

const isThrottled = (error: Error): boolean => error instanceof ProviderError && error.kind === 'throttled';

const NO_SWEEP_YET: MonitorReport = {
  ...{ sweeps: 0, lastSweepAtMs: null, intervalMs: 0, listed: 0, waiting: 0, leases: 0, strays: 0, lagMs: 0 },
  ...{ hintsSent: 0, leasesStarted: 0, cleanupsStarted: 0, needsAttention: 0, problem: null },
};

const reportAfter = (before: MonitorReport, sweep: SweepResult, intervalMs: number): MonitorReport => ({
  sweeps: before.sweeps + 1,
  lastSweepAtMs: Date.now(),
  intervalMs,
  listed: sweep.listed.length,
  waiting: sweep.rows.filter(({ state }) => state === 'open').length,
  leases: sweep.rows.filter(({ state }) => state === 'leased').length,
  strays: sweep.findings.filter(({ kind }) => kind === 'stray').length,
  lagMs: sweep.lagMs,
  hintsSent: before.hintsSent + sweep.hintsSent,
  leasesStarted: before.leasesStarted + sweep.leasesStarted,
  cleanupsStarted: before.cleanupsStarted + sweep.cleanupsStarted,
  needsAttention: sweep.needsAttention,
  problem: sweep.problems[0]?.slice(0, MAX_VENDOR_TEXT) ?? null,
});

/** A ledger that does not answer is shown as a problem. The next tick tries again. */
async function countsOrError({ monitorLedger }: MonitorContext, region: string): Promise<Counts | Error> {
  try {
    return await monitorLedger.counts(region);
  } catch (error) {
    return asError(error);
  }
}

/** Sends heartbeats during a sweep, which may read a hundred pages. They stop after the longest time for a sweep. */
async function withHeartbeats(
  host: MonitorHost,
  report: MonitorReport,
  sweep: () => Promise<SweepResult>,
): Promise<SweepResult | Error> {
  const untilMs = Date.now() + LONGEST_SWEEP_MS;
  const timer = setInterval(() => {
    if (Date.now() < untilMs) host.heartbeat(report);
  }, MONITOR_TICK_MS);
  try {
    return await sweep();
  } catch (error) {
    return asError(error);
  } finally {
    clearInterval(timer);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
