import { setTimeout as pause } from 'node:timers/promises';
import type { WatchReport } from '../../contracts/findings.ts';
import { WATCH_KEEP_MS, WATCH_RUN_MS, WATCH_TICK_MS } from '../../contracts/limits.ts';
import type { WatchedRow } from '../ledger/watched.ts';
import { ProviderError } from '../providers/errors.ts';
import { sweepIntervalMs } from './interval.ts';
import type { Lookout } from './look-around.ts';
import { Sweeper, type Swept, type SweepSettings } from './sweep.ts';

/** No pause is shorter, however fast the provider's time runs, ms (policy): a sweep costs the machine something. */
const SHORTEST_PAUSE_MS = 500;

/** A sweep that takes longer than this is given up, ms (policy): a thousand pages at a second each would still fit twice. */
const LONGEST_SWEEP_MS = 30 * 60_000;

/** A pause of a watch at its provider's speed, ms. */
export const watchPaced = (ms: number, speed: number): number => Math.max(SHORTEST_PAUSE_MS, Math.ceil(ms / speed));

/** Who runs the watch: hears that it lives, and ends it. */
export interface Keeper {
  beat(report: WatchReport): void;
  /** Fires when the watch shall end: it was cancelled, or its worker stops. */
  readonly signal: AbortSignal;
  /** What each sweep came to, for those who measure; an error where it failed. */
  swept(outcome: Swept | Error, report: WatchReport, tookMs: number): void;
}

/**
 * Sweeps a region until it has run for WATCH_RUN_MS, or is told to end. Between sweeps it looks into the ledger, which
 * costs no provider call, whether one has become due sooner. It remembers nothing that matters: another one that begins
 * anew finds everything again.
 */
export async function watch(lookout: Lookout, settings: SweepSettings, keeper: Keeper): Promise<WatchReport> {
  const { speed } = lookout.pace;
  const sweeper = new Sweeper(lookout, settings);
  const startedAtMs = Date.now();
  let report: WatchReport = NOTHING_YET;
  let listed = 0;
  let throttled = 0;
  let sweptAtMs = -Infinity;
  let ownersAtMs = -Infinity;
  while (!keeper.signal.aborted && Date.now() - startedAtMs < WATCH_RUN_MS) {
    const rows = await rowsOr(lookout, settings.region);
    if (rows instanceof Error) {
      report = { ...report, trouble: rows.message };
    } else {
      const intervalMs = watchPaced(sweepIntervalMs({ rows, listed, throttled }), speed);
      if (Date.now() - sweptAtMs >= intervalMs) {
        const beganAtMs = Date.now();
        const withOwners = beganAtMs - ownersAtMs >= watchPaced(WATCH_KEEP_MS, speed);
        const outcome = await alive(keeper, report, () => sweeper.sweep(withOwners, intervalMs));
        sweptAtMs = Date.now();
        if (outcome instanceof Error) {
          throttled = outcome instanceof ProviderError && outcome.kind === 'throttled' ? throttled + 1 : throttled;
          report = { ...report, intervalMs, trouble: outcome.message };
        } else {
          throttled = Math.max(0, throttled - 1);
          listed = outcome.listed.length;
          if (withOwners) ownersAtMs = beganAtMs;
          report = after(report, outcome, intervalMs);
        }
        keeper.swept(outcome, report, sweptAtMs - beganAtMs);
      }
    }
    keeper.beat(report);
    await pause(watchPaced(WATCH_TICK_MS, speed), undefined, { signal: keeper.signal }).catch(() => undefined);
  }
  return report;
}

const NOTHING_YET: WatchReport = {
  ...{ sweeps: 0, sweptAtMs: null, intervalMs: 0, listed: 0, waiting: 0, leases: 0, strays: 0, lagMs: 0 },
  ...{ told: 0, leasesStarted: 0, cleanupsStarted: 0, cleanupsLeft: 0, trouble: null },
};

const after = (before: WatchReport, swept: Swept, intervalMs: number): WatchReport => ({
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
  trouble: null,
});

/** A ledger that does not answer is trouble to be shown; the next look may find it back. */
async function rowsOr({ watched }: Lookout, region: string): Promise<readonly WatchedRow[] | Error> {
  try {
    return (await watched.rows(region)).rows;
  } catch (error) {
    return asError(error);
  }
}

/** Runs a sweep; beats meanwhile, for one that reads a hundred pages is alive too, but not one that never ends. */
async function alive(keeper: Keeper, report: WatchReport, sweep: () => Promise<Swept>): Promise<Swept | Error> {
  const untilMs = Date.now() + LONGEST_SWEEP_MS;
  const beats = setInterval(() => {
    if (Date.now() < untilMs) keeper.beat(report);
  }, WATCH_TICK_MS);
  try {
    return await sweep();
  } catch (error) {
    return asError(error);
  } finally {
    clearInterval(beats);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
