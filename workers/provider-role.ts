import type { Client } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type pg from 'pg';
import { createOwnerWorkflows } from '../activities/temporal/owner-workflows.ts';
import { createProviderLedger } from '../activities/ledger/provider-ledger.ts';
import { createMonitorLedger } from '../activities/ledger/monitor-ledger.ts';
import { providerActivities } from '../activities/providers/activities.ts';
import { ADAPTERS, type ProviderOptions } from '../activities/providers/registry.ts';
import { monitorActivities } from '../activities/monitor/activities.ts';
import type { MonitorContext } from '../activities/monitor/region-snapshot.ts';
import type { MonitorMetrics } from '../activities/monitor/metrics.ts';
import { checkMonitor } from '../activities/monitor/check-monitor.ts';
import { createOwnerRuns } from '../activities/monitor/owner-runs.ts';
import { auditRegion } from '../activities/monitor/audit-region.ts';
import { createMonitors } from '../activities/monitor/monitors.ts';
import type { ProviderName } from '../contracts/providers/registry.ts';
import { providerQueue, monitorQueue } from '../contracts/queues.ts';
import type { Logger } from '../platform/logger.ts';
import { Heartbeats } from './heartbeats.ts';
import { keepMonitors } from './keep-monitors.ts';
import * as limits from './limits.ts';

/** What the workers of a provider need besides the SDK's options. */
export interface ProviderRole {
  readonly name: ProviderName;
  readonly options: ProviderOptions;
  /** Ledger connections with the rights of the provider's role. */
  readonly ledger: pg.Pool;
  readonly client: Client;
  readonly speed: number;
  readonly cleanups: 'start' | 'report';
  readonly metrics: MonitorMetrics;
  readonly log: Logger;
  /** Aborted when the worker begins to stop. */
  readonly draining: AbortSignal;
}

/** The two workers of a provider: one for its steps, one for its sweeps. `close` releases what they use. */
export function providerRole(role: ProviderRole): {
  readonly queues: readonly (Partial<WorkerOptions> & Pick<WorkerOptions, 'taskQueue'>)[];
  readonly close: () => void;
} {
  const { name, client, speed, ledger, draining } = role;
  const provider = ADAPTERS[name](role.options);
  const monitorLedger = createMonitorLedger(ledger, name);
  const monitors = createMonitors(client, name, speed);
  const contextOf = (region: string): MonitorContext => ({
    ...{ provider, monitorLedger, timing: { speed } },
    ownerRuns: createOwnerRuns(client, name, region),
  });
  const keeper = keepMonitors({ monitorLedger, monitors, speed, log: role.log });
  draining.addEventListener('abort', () => {
    keeper.stop();
  });
  const steps = providerActivities(
    provider,
    createProviderLedger(ledger),
    { speed },
    {
      fallbackMs: (region) => monitors.fallbackMs(region),
      auditRegion: (region) => auditRegion(contextOf(region), region),
      check: async (region) => [await checkMonitor(monitors, name, region)],
    },
  );
  const sweeps = monitorActivities({
    ...{
      contextOf,
      owners: createOwnerWorkflows(client),
      cleanups: role.cleanups,
      metrics: role.metrics,
      draining,
    },
  });
  return {
    queues: [
      {
        taskQueue: providerQueue(name),
        activities: steps,
        maxConcurrentActivityTaskExecutions: limits.PROVIDER_CONCURRENCY,
        maxTaskQueueActivitiesPerSecond: limits.PROVIDER_ACTIVITIES_PER_SECOND * speed,
        interceptors: { activity: [(context) => ({ inbound: new Heartbeats(context) })] },
        maxHeartbeatThrottleInterval: limits.LONGEST_HEARTBEAT_PAUSE_MS,
      },
      {
        taskQueue: monitorQueue(name),
        activities: sweeps,
        maxConcurrentActivityTaskExecutions: limits.MONITORS_PER_WORKER,
      },
    ],
    close: () => {
      keeper.stop();
      provider.close();
    },
  };
}
