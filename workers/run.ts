import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { commonActivities } from '../activities/common/activities.ts';
import { ledgerActivities } from '../activities/ledger/activities.ts';
import { connectLedger } from '../activities/ledger/connection.ts';
import { bindNamespace } from '../activities/ledger/installation.ts';
import { createLedger } from '../activities/ledger/ledger.ts';
import { namespaceId } from '../activities/temporal/namespace.ts';
import { createOwnerWorkflows } from '../activities/temporal/owner-workflows.ts';
import type { ProviderOptions } from '../activities/providers/registry.ts';
import { monitorMetrics } from '../activities/monitor/metrics.ts';
import { QUEUES } from '../contracts/queues.ts';
import { connectionConfig, type TemporalTarget } from '../platform/connection.ts';
import type { Logger } from '../platform/logger.ts';
import { Registry } from 'prom-client';
import { workflowBundle } from './bundle.ts';
import * as limits from './limits.ts';
import { providerRole } from './provider-role.ts';
import type { Role } from './roles.ts';

/** Settings of a worker process. */
export interface WorkerSettings {
  readonly roles: readonly Role[];
  readonly temporal: TemporalTarget;
  /** How much faster than real time the providers run. */
  readonly speed: number;
  /** The ledger connection of a role: a login with that role's rights. */
  readonly ledgerUrl: (role: Exclude<Role, 'workflows'>) => string;
  readonly provider: (role: Exclude<Role, 'workflows' | 'ledger'>) => ProviderOptions;
  readonly log: Logger;
  /** Whether sweeps start the cleanups that are due, the default, or only report them. */
  readonly cleanups?: 'start' | 'report';
  /** The bundle of workflows. By default the build's, or one made from the sources. */
  readonly bundle?: WorkflowBundleOption;
}

/** Workers that run. */
export interface RunningWorkers {
  /** Their metrics. */
  readonly metrics: Registry;
  /** State of each worker by task queue, in the SDK's words. `RUNNING` is the good one. */
  states(): Readonly<Record<string, string>>;
  /** Takes no new work, lets running work finish, then closes the connections. */
  stop(): Promise<void>;
  /** Resolves when all workers have stopped. Rejects if one failed. */
  readonly done: Promise<void>;
}

/** Starts workers of these roles in this process. */
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

  // One connection for all clients: they start, signal and describe workflows.
  let connecting: Promise<Connection> | undefined;
  const connected = (): Promise<Connection> =>
    (connecting ??= Connection.connect(connectionOptions).then((connection) => {
      closers.push(() => connection.close());
      return connection;
    }));
  const temporal = async (): Promise<Client> => new Client({ connection: await connected(), namespace });
  const metrics = new Registry();
  const measured = monitorMetrics(metrics);
  const draining = new AbortController();

  const optionsOf = async (role: Role): Promise<WorkerOptions[]> => {
    switch (role) {
      case 'workflows':
        return workflowsRole(base, settings.bundle ?? (await workflowBundle()), settings.speed);
      case 'ledger': {
        const pool = ledgerPool(role);
        const client = await temporal();
        await bindNamespace(pool, { name: namespace, id: await namespaceId(await connected(), namespace) });
        const activities = ledgerActivities(createLedger(pool), createOwnerWorkflows(client));
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
        const { queues, close } = providerRole({
          ...{ name: role, options: settings.provider(role), ledger: ledgerPool(role), client: await temporal() },
          ...{ speed: settings.speed, cleanups: settings.cleanups ?? 'start', log: settings.log },
          ...{ metrics: measured, draining: draining.signal },
        });
        closers.push(close);
        return queues.map((each) => ({ ...base, ...each }));
      }
    }
  };

  const close = async (): Promise<void> => {
    for (const each of closers.reverse()) await each();
  };
  try {
    const options = (await Promise.all(settings.roles.map(optionsOf))).flat();
    const workers = await Promise.all(options.map((each) => Worker.create(each)));
    return supervise(workers, { close, metrics, draining }, settings.log);
  } catch (error) {
    await close();
    throw error;
  }
}

/** The worker of all workflows, one for monitors alone, and one for steps that need no credentials. */
const workflowsRole = (
  base: Omit<WorkerOptions, 'taskQueue'>,
  workflowBundle: WorkflowBundleOption,
  speed: number,
): WorkerOptions[] => [
  { ...base, taskQueue: QUEUES.provisioning, workflowBundle },
  { ...base, taskQueue: QUEUES.monitor, workflowBundle, maxCachedWorkflows: limits.MAX_CACHED_MONITORS },
  { ...base, taskQueue: QUEUES.common, activities: commonActivities(speed) },
];

function supervise(
  workers: readonly Worker[],
  {
    close,
    metrics,
    draining,
  }: Pick<RunningWorkers, 'metrics'> & { close: () => Promise<void>; draining: AbortController },
  log: Logger,
): RunningWorkers {
  const stopAll = (): void => {
    // Sweeps end at their next pause, so that they do not delay the shutdown.
    draining.abort();
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  // If one worker fails, all stop: a process that serves only some of its queues would let the others wait unnoticed.
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      log.error({ queue: worker.options.taskQueue, error: String(error) }, 'worker failed');
      stopAll();
      throw error;
    }),
  );
  const done = Promise.allSettled(runs).then(async (results) => {
    await close();
    const broken = results.find((result) => result.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
  });
  // Marks the failure as handled: a caller may await `done` later.
  done.catch(() => undefined);
  return {
    metrics,
    states: () => Object.fromEntries(workers.map((worker) => [worker.options.taskQueue, worker.getState()])),
    stop: async () => {
      stopAll();
      await done;
    },
    done,
  };
}
