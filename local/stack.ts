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
  /** Everything that lasts is kept here; one stack at a time. */
  readonly dataDir: string;
  /** How much faster than real the providers' time runs. */
  readonly speed: number;
  readonly temporal: TemporalChoice;
  /** Providers to work with for real: only their workers run, none is simulated. Empty for the simulators. */
  readonly real?: readonly ProviderName[];
  /** How a real provider's worker reaches its service, where not by the vendor's own ways. */
  readonly accessTo?: (provider: ProviderName) => Pick<ProviderOptions, 'endpoint' | 'apiKey'>;
  /** Gives the start up: it fails at once with the signal's reason. */
  readonly signal?: AbortSignal;
  /** What is being done, for people who wait. */
  readonly onStep: OnStep;
}

/** The whole of Muster on one machine. */
export interface Stack {
  readonly temporal: LocalTemporal;
  /** Null where the providers are real. */
  readonly simulators: Simulators | null;
  readonly healthPort: number;
  readonly log: Logger;
  /** Rejects when a part of it breaks. */
  readonly broken: Promise<never>;
  /** Ends all of it, the last first. Safe to call twice. @throws after all have ended, what one of them threw */
  stop(): Promise<void>;
}

/**
 * Brings up PostgreSQL, Temporal, the simulators and all workers, and notes for commands where to find them; whatever
 * fails, what was started is stopped again.
 *
 * @throws {DataFolderInUseError} while another stack runs on the folder.
 * @throws {WrongDataFolderError} where the folder's ledger belongs to simulators and the providers are real, or otherwise.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, onStep, real = [], signal } = options;
  const shutdown = createShutdown();
  try {
    const lock = await lockDataFolder(dataDir);
    shutdown.add(() => lock.release());
    dedicateDataFolder(dataDir, real);
    // Of a stack that was killed: commands would look for its Temporal.
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

    // Bundling takes seconds of one core; it goes on while the servers start.
    const bundle = workflowBundle();
    bundle.catch(() => undefined);

    const postgresStep = beginStep('PostgreSQL', onStep);
    const postgres = await startPostgres({ dataDir: path.join(dataDir, 'postgres'), port: 0, log: serverLog });
    shutdown.add(() => postgres.stop());
    await migrateLedger(postgres.url);
    const ledgerUrls = await loginsFor(postgres.url);
    postgresStep.done(`${LOOPBACK}:${postgres.port}`);
    signal?.throwIfAborted();

    // A first start may build for minutes. What is under way when it is given up ends with this process.
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
    // What made the start fail is worth more than what then did not end well.
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

/** The work's result, or the signal's reason, whichever comes first. */
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

/** A login a role, with a password that lives as long as this process. */
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
