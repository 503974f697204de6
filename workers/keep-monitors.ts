import type { MonitorLedger } from '../activities/ledger/monitor-ledger.ts';
import type { Monitors } from '../activities/monitor/monitors.ts';
import { monitorPauseMs } from '../activities/monitor/pause.ts';
import { MONITOR_KEEP_MS } from '../contracts/limits.ts';
import type { Logger } from '../platform/logger.ts';

/**
 * Starts the monitor of each region in which the provider ever had a creation, unless it runs: now and every minute, so that
 * a terminated monitor is soon replaced. Every worker of the provider does this.
 */
export function keepMonitors(of: {
  readonly monitorLedger: MonitorLedger;
  readonly monitors: Monitors;
  readonly speed: number;
  readonly log: Logger;
}): { stop(): void } {
  let busy = false;
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      of.log.warn({ region: what, error: String(error) }, 'a monitor could not be started; trying again');
    }
  };
  const startAll = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    await attempt('all', async () => {
      // One failure must not keep the others from being started.
      for (const region of await of.monitorLedger.regions())
        await attempt(region, () => of.monitors.ensureRunning(region));
    });
    busy = false;
  };
  const timer = setInterval(() => void startAll(), monitorPauseMs(MONITOR_KEEP_MS, of.speed));
  timer.unref();
  void startAll();
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}
