import type { Watched } from '../activities/ledger/watched.ts';
import type { Watches } from '../activities/watch/watches.ts';
import { watchPaced } from '../activities/watch/pace.ts';
import { WATCH_KEEP_MS } from '../contracts/limits.ts';
import type { Logger } from '../platform/logger.ts';

/**
 * Makes sure, at once and every minute, that each region in which the provider ever had a creation is watched: one whose
 * watch was terminated is watched again soon. Every worker of the provider does so; who comes second finds it running.
 */
export function keepWatches(of: {
  readonly watched: Watched;
  readonly watches: Watches;
  readonly speed: number;
  readonly log: Logger;
}): { stop(): void } {
  let busy = false;
  const tried = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      of.log.warn({ region: what, error: String(error) }, 'a watch could not be looked after; trying again');
    }
  };
  const keep = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    await tried('all', async () => {
      // One that cannot be seen to must not keep the others from it.
      for (const region of await of.watched.regions()) await tried(region, () => of.watches.keep(region));
    });
    busy = false;
  };
  const timer = setInterval(() => void keep(), watchPaced(WATCH_KEEP_MS, of.speed));
  timer.unref();
  void keep();
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}
