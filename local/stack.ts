import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ensureLogin } from '../activities/ledger/logins.ts';
import { migrateLedger } from '../activities/ledger/migrate.ts';
import { PROVIDER_CALL_TIMEOUT_MS } from '../contracts/limits.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { startSimulators, type Simulators } from '../simulators/index.ts';
import { serveHealth } from '../workers/health.ts';
import { ROLES } from '../workers/roles.ts';
import { runWorkers } from '../workers/run.ts';
import { installRuntime } from '../workers/runtime.ts';
import { workflowBundle } from '../workers/bundle.ts';
import { lockDataFolder } from './data-folder.ts';
import { startPostgres } from './postgres/server.ts';
import { startTemporal, type LocalTemporal, type TemporalChoice } from './temporal/temporal.ts';

export interface StackOptions {
  /** Everything that lasts is kept here; one stack at a time. */
  readonly dataDir: string;
  /** How much faster than real the providers' time runs. */
  readonly speed: number;
  readonly temporal: TemporalChoice;
  /** What is being done, for people who wait. */
  readonly onProgress: (text: string) => void;
}

/** The whole of Muster on one machine. */
export interface Stack {
  readonly temporal: LocalTemporal;
  readonly simulators: Simulators;
  readonly healthPort: number;
  readonly log: Logger;
  /** Rejects when a part of it breaks. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

/** Brings up PostgreSQL, Temporal, the simulators and all workers; whatever fails, what was started is stopped again. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dataDir, onProgress } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const lock = await lockDataFolder(dataDir);
    stops.push(() => lock.release());
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
    onProgress('starting PostgreSQL');
    const postgres = await startPostgres({ dataDir: path.join(dataDir, 'postgres'), port: 0, log: serverLog });
    stops.push(() => postgres.stop());
    await migrateLedger(postgres.url);
    const ledgerUrls = await loginsFor(postgres.url);

    onProgress('starting Temporal');
    const temporal = await startTemporal({
      ...options.temporal,
      dataDir,
      searchAttributes: SEARCH_ATTRIBUTES,
      log: serverLog,
      onProgress,
    });
    stops.push(() => temporal.stop());

    onProgress('starting the simulators');
    const simulators = await startSimulators({ speed: options.speed, folder: path.join(dataDir, 'simulators') });
    stops.push(() => simulators.close());

    onProgress('starting the workers');
    await bundle;
    const { url: endpoint, accessKeyId, secretAccessKey } = simulators.sagemaker;
    const workers = await runWorkers({
      roles: ROLES,
      temporal: { address: temporal.address, namespace: temporal.namespace },
      speed: options.speed,
      ledgerUrl: (role) => ledgerUrls[role] ?? postgres.url,
      provider: () => ({
        endpoint,
        credentials: { accessKeyId, secretAccessKey },
        callTimeoutMs: PROVIDER_CALL_TIMEOUT_MS,
      }),
      log,
    });
    stops.push(() => workers.stop());
    const health = await serveHealth(workers, 0);
    stops.push(() => health.close());

    const broken = Promise.race([
      workers.done.then(() => 'the workers have stopped'),
      postgres.exited,
      temporal.exited,
    ]).then((reason): never => {
      throw new Error(`the local stack broke: ${reason}; see ${path.join(dataDir, 'muster.log')}`);
    });
    broken.catch(() => undefined);
    return { temporal, simulators, healthPort: health.port, log, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A login a role, with a password that lives as long as this process. */
async function loginsFor(adminUrl: string): Promise<Readonly<Record<string, string>>> {
  const urls: Record<string, string> = {};
  for (const role of ROLES.filter((each) => each !== 'workflows')) {
    const group = role === 'ledger' ? 'muster_ledger' : `muster_provider_${role.replaceAll('-', '_')}`;
    const url = new URL(adminUrl);
    url.username = `local_${group}`;
    url.password = randomBytes(16).toString('hex');
    await ensureLogin(adminUrl, { login: url.username, password: url.password, role: group });
    urls[role] = url.toString();
  }
  return urls;
}
