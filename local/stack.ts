import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ensureLogin } from '../activities/ledger/logins.ts';
import { migrateLedger } from '../activities/ledger/migrate.ts';
import type { ProviderOptions } from '../activities/providers/registry.ts';
import { PROVIDER_CALL_TIMEOUT_MS } from '../contracts/limits.ts';
import type { ProviderName } from '../contracts/providers/registry.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { removeStackNote, writeStackNote } from '../platform/stack-note.ts';
import { startSimulators, type Simulators } from '../simulators/index.ts';
import { workflowBundle } from '../workers/bundle.ts';
import { serveHealth } from '../workers/health.ts';
import { ledgerGroup } from '../workers/logins.ts';
import { ROLES } from '../workers/roles.ts';
import { runWorkers } from '../workers/run.ts';
import { installRuntime } from '../workers/runtime.ts';
import { lockDataFolder } from './data-folder.ts';
import { startPostgres } from './postgres/server.ts';
import { LOOPBACK } from './processes/ports.ts';
import { beginStep, type OnStep } from './processes/start-steps.ts';
import { createShutdown, type Shutdown } from './processes/shutdown.ts';
import { dedicateDataFolder } from './real-providers.ts';
import { startTemporal, type LocalTemporal, type TemporalChoice } from './temporal/temporal.ts';

export type { StackStep } from './processes/start-steps.ts';

export interface StackOptions {
  /** The folder for all data. One stack uses it at a time. */
  readonly dataDir: string;
  /** How much faster than real time the simulated providers run. */
  readonly speed: number;
  readonly temporal: TemporalChoice;
  /** Real providers: only their workers run, and nothing is simulated. Empty for the simulators. */
  readonly real?: readonly ProviderName[];
  /** How a real provider's worker reaches its service, if not in the vendor's default way. */
  readonly accessTo?: (provider: ProviderName) => Pick<ProviderOptions, 'endpoint' | 'apiKey'>;
  /** Aborts the start, which then fails at once with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the progress of each part. */
  readonly onStep: OnStep;
}

/** The whole of Muster on one machine. */
export interface Stack {
  readonly temporal: LocalTemporal;
  /** Null if the providers are real. */
  readonly simulators: Simulators | null;
  readonly healthPort: number;
  readonly log: Logger;
  /** Rejects when a part of the stack breaks. */
  readonly broken: Promise<never>;
  /** Stops all parts, the last one first. Safe to call twice. @throws the first error, after all parts have stopped */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL, Temporal, the simulators and all workers, and writes a note with which commands find them. If a part fails,
 * stops the others.
 *
 * @throws {DataFolderInUseError} while another stack uses the folder
 * @throws {OtherOwnerError} when the folder or its database belongs to another user
 * @throws {WrongDataFolderError} when the folder was used for other providers
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, onStep, real = [], signal } = options;
  const shutdown = createShutdown();
  try {
    const lock = await lockDataFolder(dataDir);
    shutdown.add(() => lock.release());
    dedicateDataFolder(dataDir, real);
    // A killed stack leaves its note, and commands would try to reach its Temporal.
    removeStackNote(dataDir);
    const log = createLogger('info', path.join(dataDir, 'muster.log'));
    installRuntime(log);
    const serverLog = {
      info: (text: string, fields?: object) => {
        log.info(fields ?? {}, text);
      },
      warn: (text: string, fields?: object) => {
        log.warn(fields ?? {}, text);
      },
    };

    // Bundling takes seconds of one core, so it runs while the servers start.
    const bundle = workflowBundle();
    bundle.catch(() => undefined);

    const postgresStep = beginStep('PostgreSQL', onStep);
    const postgres = await startPostgres({ dataDir: path.join(dataDir, 'postgres'), port: 0, log: serverLog });
    shutdown.add(() => postgres.stop());
    await migrateLedger(postgres.url);
    const ledgerUrls = await loginsFor(postgres.url);
    postgresStep.done(`${LOOPBACK}:${postgres.port}`);
    signal?.throwIfAborted();

    // A first start may build for minutes. What is in progress when the start is aborted ends with this process.
    const temporal = await orAborted(
      startTemporal({
        ...options.temporal,
        dataDir,
        searchAttributes: SEARCH_ATTRIBUTES,
        log: serverLog,
        onStep,
      }),
      signal,
    );
    shutdown.add(() => temporal.stop());

    const simulators = real.length > 0 ? null : await simulated(options, shutdown);
    signal?.throwIfAborted();

    const workersStep = beginStep('workers', onStep);
    await bundle;
    const workers = await runWorkers({
      roles: real.length > 0 ? ['workflows', 'ledger', ...real] : ROLES,
      temporal: { address: temporal.address, namespace: temporal.namespace },
      speed: options.speed,
      ledgerUrl: (role) => ledgerUrls[role] ?? postgres.url,
      provider: (name) => ({
        ...(simulators === null ? options.accessTo?.(name) : simulators.access(name)),
        callTimeoutMs: PROVIDER_CALL_TIMEOUT_MS,
      }),
      log,
    });
    shutdown.add(() => workers.stop());
    signal?.throwIfAborted();
    const health = await serveHealth(workers, 0);
    shutdown.add(() => health.close());
    workersStep.done(`http://${LOOPBACK}:${health.port}/healthz`);

    const { address, namespace, uiUrl = null } = temporal;
    writeStackNote(dataDir, { pid: process.pid, address, namespace, uiUrl });
    shutdown.add(() => {
      removeStackNote(dataDir);
    });

    const broken = Promise.race([
      workers.done.then(() => 'the workers have stopped'),
      postgres.exited,
      temporal.exited,
    ]).then((reason): never => {
      throw new Error(`the local stack broke: ${reason}; see ${path.join(dataDir, 'muster.log')}`);
    });
    broken.catch(() => undefined);
    return { temporal, simulators, healthPort: health.port, log, broken, stop: () => shutdown.run() };
  } catch (error) {
    // The error that made the start fail matters more than an error of the shutdown.
    await shutdown.run().catch(() => undefined);
    throw error;
  }
}

async function simulated({ dataDir, speed, onStep }: StackOptions, shutdown: Shutdown): Promise<Simulators> {
  const step = beginStep('simulators', onStep);
  const simulators = await startSimulators({ speed, folder: path.join(dataDir, 'simulators') });
  shutdown.add(() => simulators.close());
  step.done(simulators.urls().join(', '));
  return simulators;
}

/** The result of the work, or the signal's reason if that comes first. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const aborted = new Promise<never>((_, reject) => {
    const give = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  return Promise.race([work, aborted]);
}

/** Makes one login for each role, with a new password at each start. */
async function loginsFor(adminUrl: string): Promise<Readonly<Record<string, string>>> {
  const urls: Record<string, string> = {};
  for (const role of ROLES.filter((each) => each !== 'workflows')) {
    const group = ledgerGroup(role);
    const url = new URL(adminUrl);
    url.username = `local_${group}`;
    url.password = randomBytes(16).toString('hex');
    await ensureLogin(adminUrl, { login: url.username, password: url.password, role: group });
    urls[role] = url.toString();
  }
  return urls;
}
