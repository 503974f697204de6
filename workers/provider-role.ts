import type { Client } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type pg from 'pg';
import { createOwners } from '../activities/ledger/owners.ts';
import { createSends } from '../activities/ledger/sends.ts';
import { createWatched } from '../activities/ledger/watched.ts';
import { providerActivities } from '../activities/providers/activities.ts';
import { ADAPTERS, type ProviderOptions } from '../activities/providers/registry.ts';
import { watchActivities } from '../activities/watch/activities.ts';
import type { Lookout } from '../activities/watch/look-around.ts';
import type { WatchMetrics } from '../activities/watch/metrics.ts';
import { checkWatch } from '../activities/watch/check.ts';
import { createRuns } from '../activities/watch/runs.ts';
import { survey } from '../activities/watch/survey.ts';
import { createWatches } from '../activities/watch/watches.ts';
import type { ProviderName } from '../contracts/providers/registry.ts';
import { providerQueue, watchQueue } from '../contracts/queues.ts';
import type { Logger } from '../platform/logger.ts';
import { Heartbeats } from './heartbeats.ts';
import { keepWatches } from './keep-watches.ts';
import * as limits from './limits.ts';

/** What the worker of a provider needs besides the SDK's options. */
export interface ProviderRole {
  readonly name: ProviderName;
  readonly options: ProviderOptions;
  /** The ledger, by the rights of the provider's role. */
  readonly ledger: pg.Pool;
  readonly client: Client;
  readonly speed: number;
  readonly cleanups: 'start' | 'report';
  readonly metrics: WatchMetrics;
  readonly log: Logger;
  /** Fires when the worker is to stop. */
  readonly draining: AbortSignal;
}

/** The two workers of a provider, its steps and its sweeps, and what ends with them. */
export function providerRole(role: ProviderRole): {
  readonly queues: readonly (Partial<WorkerOptions> & Pick<WorkerOptions, 'taskQueue'>)[];
  readonly close: () => void;
} {
  const { name, client, speed, ledger, draining } = role;
  const provider = ADAPTERS[name](role.options);
  const watched = createWatched(ledger, name);
  const watches = createWatches(client, name, speed);
  const lookout = (region: string): Lookout => ({
    ...{ provider, watched, pace: { speed } },
    runs: createRuns(client, name, region),
  });
  const keeper = keepWatches({ watched, watches, speed, log: role.log });
  draining.addEventListener('abort', () => {
    keeper.stop();
  });
  const steps = providerActivities(
    provider,
    createSends(ledger),
    { speed },
    {
      fallbackMs: (region) => watches.fallbackMs(region),
      survey: (region) => survey(lookout(region), region),
      check: async (region) => [await checkWatch(watches, name, region)],
    },
  );
  const sweeps = watchActivities({
    ...{ lookout, owners: createOwners(client), cleanups: role.cleanups, metrics: role.metrics, draining },
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
        taskQueue: watchQueue(name),
        activities: sweeps,
        maxConcurrentActivityTaskExecutions: limits.WATCHES_PER_WORKER,
      },
    ],
    close: () => {
      keeper.stop();
      provider.close();
    },
  };
}
