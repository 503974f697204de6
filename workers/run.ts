import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { commonActivities } from '../activities/common/activities.ts';
import { ledgerActivities } from '../activities/ledger/activities.ts';
import { connectLedger } from '../activities/ledger/connection.ts';
import { bindNamespace } from '../activities/ledger/installation.ts';
import { createLedger } from '../activities/ledger/ledger.ts';
import { createOwners } from '../activities/ledger/owners.ts';
import { createSends } from '../activities/ledger/sends.ts';
import { providerActivities } from '../activities/providers/activities.ts';
import { ADAPTERS, type ProviderOptions } from '../activities/providers/registry.ts';
import { providerQueue, QUEUES } from '../contracts/queues.ts';
import { connectionConfig, type TemporalTarget } from '../platform/connection.ts';
import type { Logger } from '../platform/logger.ts';
import { workflowBundle } from './bundle.ts';
import * as limits from './limits.ts';
import type { Role } from './roles.ts';

/** What a worker process needs; each role takes its part. */
export interface WorkerSettings {
  readonly roles: readonly Role[];
  readonly temporal: TemporalTarget;
  /** How much faster than real the providers' time runs. */
  readonly speed: number;
  /** The ledger's connection of a role: a login with that role's rights. */
  readonly ledgerUrl: (role: Exclude<Role, 'workflows'>) => string;
  readonly provider: (role: Exclude<Role, 'workflows' | 'ledger'>) => ProviderOptions;
  readonly log: Logger;
  /** The workflows' bundle; made from source, or taken from the build, where none is given. */
  readonly bundle?: WorkflowBundleOption;
}

/** Workers that run. */
export interface RunningWorkers {
  /** State of each worker by task queue, as the SDK names it: RUNNING is well. */
  states(): Readonly<Record<string, string>>;
  /** Drains: no new work, running work may finish, then connections close. */
  stop(): Promise<void>;
  /** Resolves when all have stopped; rejects when one broke. */
  readonly done: Promise<void>;
}

/** Starts the workers of some roles in this process. */
export async function runWorkers(settings: WorkerSettings): Promise<RunningWorkers> {
  const { connectionOptions, namespace = 'default' } = connectionConfig(settings.temporal);
  const nativeConnection = await NativeConnection.connect(connectionOptions);
  const closers: (() => Promise<void> | void)[] = [() => nativeConnection.close()];
  const base = {
    connection: nativeConnection,
    namespace,
    shutdownGraceTime: limits.SHUTDOWN_GRACE_MS,
    maxCachedWorkflows: limits.MAX_CACHED_WORKFLOWS,
  };
  const ledgerPool = (role: Exclude<Role, 'workflows'>): ReturnType<typeof connectLedger> => {
    const pool = connectLedger(settings.ledgerUrl(role), (error) => {
      settings.log.warn({ role, error: error.message }, 'idle ledger connection lost');
    });
    closers.push(() => pool.end());
    return pool;
  };

  const optionsOf = async (role: Role): Promise<WorkerOptions[]> => {
    switch (role) {
      case 'workflows':
        return [
          { ...base, taskQueue: QUEUES.provisioning, workflowBundle: settings.bundle ?? (await workflowBundle()) },
          { ...base, taskQueue: QUEUES.common, activities: commonActivities(settings.speed) },
        ];
      case 'ledger': {
        const pool = ledgerPool(role);
        const connection = await Connection.connect(connectionOptions);
        closers.push(() => connection.close());
        await bindNamespace(pool, connection, namespace);
        const owners = createOwners(new Client({ connection, namespace }));
        const activities = ledgerActivities(createLedger(pool), owners);
        return [
          {
            ...base,
            taskQueue: QUEUES.ledger,
            activities,
            maxConcurrentActivityTaskExecutions: limits.LEDGER_CONCURRENCY,
          },
        ];
      }
      default: {
        const provider = ADAPTERS[role](settings.provider(role));
        closers.push(() => {
          provider.close();
        });
        return [
          {
            ...base,
            taskQueue: providerQueue(role),
            activities: providerActivities(provider, createSends(ledgerPool(role)), { speed: settings.speed }),
            maxConcurrentActivityTaskExecutions: limits.PROVIDER_CONCURRENCY,
            maxTaskQueueActivitiesPerSecond: limits.PROVIDER_ACTIVITIES_PER_SECOND * settings.speed,
          },
        ];
      }
    }
  };

  const close = async (): Promise<void> => {
    for (const each of closers.reverse()) await each();
  };
  try {
    const options = (await Promise.all(settings.roles.map(optionsOf))).flat();
    const workers = await Promise.all(options.map((each) => Worker.create(each)));
    return supervise(workers, close, settings.log);
  } catch (error) {
    await close();
    throw error;
  }
}

function supervise(workers: readonly Worker[], close: () => Promise<void>, log: Logger): RunningWorkers {
  const stopAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  // One that breaks takes the process down: a worker that is half there hangs its queue in silence.
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      log.error({ queue: worker.options.taskQueue, error: String(error) }, 'worker broke');
      stopAll();
      throw error;
    }),
  );
  const done = Promise.allSettled(runs).then(async (results) => {
    await close();
    const broken = results.find((result) => result.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
  });
  // Whoever awaits `done` meets the failure; nobody may be late for it.
  done.catch(() => undefined);
  return {
    states: () => Object.fromEntries(workers.map((worker) => [worker.options.taskQueue, worker.getState()])),
    stop: async () => {
      stopAll();
      await done;
    },
    done,
  };
}
