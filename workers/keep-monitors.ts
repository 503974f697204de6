import type { MonitorLedger } from '../activities/ledger/monitor-ledger.ts';
import type { Monitors } from '../activities/monitor/monitors.ts';
import { monitorPauseMs } from '../activities/monitor/pause.ts';
import { MONITOR_KEEP_MS } from '../contracts/limits.ts';
import type { Logger } from '../platform/logger.ts';

/**
 * Makes sure, at once and every minute, that each region in which the provider ever had a creation is watched: one whose
 * watch was terminated is watched again soon. Every worker of the provider does so; who comes second finds it running.
 */
export function keepMonitors(of: {
  readonly monitorLedger: MonitorLedger;
  readonly monitors: Monitors;
  readonly speed: number;
  readonly log: Logger;
}): { stop(): void } {
  let busy = false;
  const tried = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      of.log.warn({ region: what, error: String(error) }, 'a monitor could not be looked after; trying again');
    }
  };
  const keep = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    await tried('all', async () => {
      // One that cannot be seen to must not keep the others from it.
      for (const region of await of.monitorLedger.regions()) await tried(region, () => of.monitors.keep(region));
    });
    busy = false;
  };
  const timer = setInterval(() => void keep(), monitorPauseMs(MONITOR_KEEP_MS, of.speed));
  timer.unref();
  void keep();
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}
