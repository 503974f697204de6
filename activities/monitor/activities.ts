import { Context } from '@temporalio/activity';
import type { MonitorActivities } from '../../contracts/activities.ts';
import { toEndlessRetryFailure, failure } from '../failures.ts';
import { withTypedFailures } from '../typed-failures.ts';
import type { OwnerWorkflows } from '../temporal/owner-workflows.ts';
import type { MonitorContext } from './region-snapshot.ts';
import type { MonitorMetrics } from './metrics.ts';
import type { SweepSettings } from './sweep.ts';
import { monitor } from './monitor.ts';

/** What the sweeps of a provider's worker need. */
export interface MonitorSettings {
  readonly monitorContext: (region: string) => MonitorContext;
  readonly owners: OwnerWorkflows;
  readonly cleanups: SweepSettings['cleanups'];
  readonly metrics: MonitorMetrics;
  /** Fires when the worker is to stop: another takes the sweeps up. */
  readonly draining: AbortSignal;
}

/** The sweeps at one provider, the same for all of them. */
export function monitorActivities({
  monitorContext,
  owners,
  cleanups,
  metrics,
  draining,
}: MonitorSettings): MonitorActivities {
  return withTypedFailures<MonitorActivities>(
    {
      monitor: async ({ region }) => {
        const context = Context.current();
        const location = monitorContext(region);
        const report = await monitor(
          location,
          { region, owners, cleanups },
          {
            beat: (now) => {
              context.heartbeat(now);
            },
            signal: AbortSignal.any([context.cancellationSignal, draining]),
            swept: (outcome, now, tookMs) => {
              metrics.swept({ provider: location.provider.name, region }, outcome, now, tookMs);
              if (outcome instanceof Error) context.log.warn('sweep failed', { region, error: outcome.message });
            },
          },
        );
        metrics.ended({ provider: location.provider.name, region });
        // A worker that stops is no end: the same step goes on at another one, at once.
        if (draining.aborted) throw failure('NotReady', 'its worker stops; another one sweeps on', 1);
        context.cancellationSignal.throwIfAborted();
        return report;
      },
    },
    toEndlessRetryFailure,
  );
}
