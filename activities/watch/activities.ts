import { Context } from '@temporalio/activity';
import type { WatchActivities } from '../../contracts/activities.ts';
import { asNeverGivenUp, failure } from '../failures.ts';
import { guarded } from '../guard.ts';
import type { Owners } from '../ledger/owners.ts';
import type { Lookout } from './look-around.ts';
import type { WatchMetrics } from './metrics.ts';
import type { SweepSettings } from './sweep.ts';
import { watch } from './watch.ts';

/** What the sweeps of a provider's worker need. */
export interface WatchSettings {
  readonly lookout: (region: string) => Lookout;
  readonly owners: Owners;
  readonly cleanups: SweepSettings['cleanups'];
  readonly metrics: WatchMetrics;
  /** Fires when the worker is to stop: another takes the sweeps up. */
  readonly draining: AbortSignal;
}

/** The sweeps at one provider, the same for all of them. */
export function watchActivities({ lookout, owners, cleanups, metrics, draining }: WatchSettings): WatchActivities {
  return guarded<WatchActivities>(
    {
      watch: async ({ region }) => {
        const context = Context.current();
        const place = lookout(region);
        const report = await watch(
          place,
          { region, owners, cleanups },
          {
            beat: (now) => {
              context.heartbeat(now);
            },
            signal: AbortSignal.any([context.cancellationSignal, draining]),
            swept: (outcome, now, tookMs) => {
              metrics.swept({ provider: place.provider.name, region }, outcome, now, tookMs);
              if (outcome instanceof Error) context.log.warn('sweep failed', { region, error: outcome.message });
            },
          },
        );
        metrics.ended({ provider: place.provider.name, region });
        // A worker that stops is no end: the same step goes on at another one, at once.
        if (draining.aborted) throw failure('NotReady', 'its worker stops; another one sweeps on', 1);
        context.cancellationSignal.throwIfAborted();
        return report;
      },
    },
    asNeverGivenUp,
  );
}
