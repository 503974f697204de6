import { Context } from '@temporalio/activity';
import type { MonitorActivities } from '../../contracts/activities.ts';
import { failure, toEndlessRetryFailure } from '../failures.ts';
import type { OwnerWorkflows } from '../temporal/owner-workflows.ts';
import { withTypedFailures } from '../typed-failures.ts';
import type { MonitorMetrics } from './metrics.ts';
import { monitor } from './monitor.ts';
import type { MonitorContext } from './region-snapshot.ts';
import type { SweepSettings } from './sweep.ts';

/** What the monitors of a provider's worker need. */
export interface MonitorSettings {
  readonly contextOf: (region: string) => MonitorContext;
  readonly owners: OwnerWorkflows;
  readonly cleanups: SweepSettings['cleanups'];
  readonly metrics: MonitorMetrics;
  /** Fires when the worker is to stop. Another worker then continues the sweeps. */
  readonly draining: AbortSignal;
}

/** The monitor of one provider. It is the same for all providers. */
export function monitorActivities({
  contextOf,
  owners,
  cleanups,
  metrics,
  draining,
}: MonitorSettings): MonitorActivities {
  return withTypedFailures<MonitorActivities>(
    {
      monitor: async ({ region }) => {
        const activity = Context.current();
        const context = contextOf(region);
        const labels = { provider: context.provider.name, region };
        const report = await monitor(
          context,
          { region, owners, cleanups },
          {
            heartbeat: (current) => {
              activity.heartbeat(current);
            },
            signal: AbortSignal.any([activity.cancellationSignal, draining]),
            onSweep: (result, current, tookMs) => {
              metrics.recordSweep(labels, result, current, tookMs);
              if (result instanceof Error) activity.log.warn('sweep failed', { region, error: result.message });
            },
          },
        );
        metrics.removeGauges(labels);
        // A worker that stops does not end the monitor: the same step continues on another worker at once.
        if (draining.aborted) throw failure('NotReady', 'this worker stops; another one continues the sweeps', 1);
        activity.cancellationSignal.throwIfAborted();
        return report;
      },
    },
    toEndlessRetryFailure,
  );
}
