import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import { ensureLogin } from '../../activities/ledger/logins.ts';
import { migrateLedger } from '../../activities/ledger/migrate.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { startPostgres } from '../../local/postgres/server.ts';
import { startChild, untilReady, type Child } from '../../local/processes/child.ts';
import { silentLog } from '../../local/processes/log.ts';
import { freePort, LOOPBACK } from '../../local/processes/ports.ts';
import { createShutdown } from '../../local/processes/shutdown.ts';
import { findTemporalCli } from '../../local/programs/temporal-cli.ts';
import { startTemporalServer } from '../../local/temporal/server.ts';
import { cacheFolder, childEnvironment, readConfig } from '../../platform/config.ts';
import { connectClient } from '../../platform/connection.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { startSimulators, type SimulatorControl } from '../../simulators/index.ts';
import { ledgerGroup } from '../../workers/logins.ts';
import { childNamed } from './processes.ts';

/** Longest start of a worker: it compiles the sources and bundles the workflows, seconds of a core. */
const WORKER_START_MS = 120_000;
/** Longest stop of a worker, which lets running steps finish. */
const WORKER_STOP_MS = 40_000;
/** Longer than any run: clusters become ready only when the run advances the simulator's clock. */
export const CREATING_MS = 24 * 3_600_000;

/** The measured parts. Each is a separate process with its children. */
export type Part =
  'workflow and ledger worker' | 'SageMaker worker' | 'Temporal' | 'PostgreSQL' | 'simulator, submitter';

export interface Stack {
  readonly client: Client;
  /** The simulator of SageMaker. */
  readonly control: SimulatorControl;
  readonly pids: Readonly<Record<Part, number>>;
  /** Addresses of the metrics of the SageMaker worker and of Temporal. */
  readonly metrics: { readonly worker: string; readonly temporal: string };
  stop(): Promise<void>;
}

/** Starts the same as `npm start`, with workers in separate processes: Temporal with a SQLite file, PostgreSQL with fsync. */
export async function startStack(dataDir: string, speed: number): Promise<Stack> {
  const shutdown = createShutdown();
  try {
    const folder = (name: string): string => path.join(dataDir, name);
    const postgres = await startPostgres({ dataDir: folder('postgres'), port: 0, log: silentLog });
    shutdown.add(() => postgres.stop());
    await migrateLedger(postgres.url);

    const metricsPort = await freePort(0);
    const temporal = await startTemporalServer({
      ...{ cliPath: await temporalCli(), dataDir: folder('temporal'), dbFilename: 'temporal.db', port: 0, uiPort: 0 },
      ...{ headless: true, metricsPort, searchAttributes: SEARCH_ATTRIBUTES, log: silentLog },
    });
    shutdown.add(() => temporal.stop());

    const simulators = await startSimulators({ speed: 1, sagemaker: { durations: { creatingMs: CREATING_MS } } });
    shutdown.add(() => simulators.close());
    const { sagemaker } = simulators;

    const { PATH, HOME } = childEnvironment();
    const environment = {
      ...{ PATH, HOME, TEMPORAL_ADDRESS: temporal.address, MUSTER_SPEED: String(speed), MUSTER_LOG_LEVEL: 'warn' },
      MUSTER_LEDGER_URL: await loginAs('ledger', postgres.url),
      MUSTER_LEDGER_URL_SAGEMAKER: await loginAs('sagemaker', postgres.url),
      MUSTER_SAGEMAKER_ENDPOINT: sagemaker.url,
      AWS_ACCESS_KEY_ID: sagemaker.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sagemaker.secretAccessKey,
    };
    const worker = async (roles: string): Promise<{ child: Child; url: string }> => {
      const started = await startWorker(roles, folder('workers'), environment);
      shutdown.add(() => started.child.stop());
      return started;
    };
    const workflows = await worker('workflows,ledger');
    const provider = await worker('sagemaker');

    const client = await connectClient({ address: temporal.address });
    shutdown.add(() => client.connection.close());
    return {
      client,
      control: sagemaker.control,
      pids: {
        'workflow and ledger worker': workflows.child.pid,
        'SageMaker worker': provider.child.pid,
        Temporal: childNamed('temporal'),
        PostgreSQL: childNamed('postgres'),
        'simulator, submitter': process.pid,
      },
      metrics: { worker: `${provider.url}/metrics`, temporal: `http://${LOOPBACK}:${metricsPort}/metrics` },
      stop: () => shutdown.run(),
    };
  } catch (error) {
    await shutdown.run().catch(() => undefined);
    throw error;
  }
}

async function startWorker(
  roles: string,
  runDir: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ child: Child; url: string }> {
  const port = await freePort(0);
  const name = `worker-${roles.replaceAll(',', '-')}`;
  const child = await startChild({
    ...{ name, command: process.execPath, args: ['--import', 'tsx', 'workers/main.ts', '--roles', roles] },
    ...{ runDir, cwd: projectRoot(), stopSignal: 'SIGTERM', stopTimeoutMs: WORKER_STOP_MS, log: silentLog },
    env: { ...environment, MUSTER_HEALTH_PORT: String(port) },
  });
  const url = `http://${LOOPBACK}:${port}`;
  await untilReady(child, name, WORKER_START_MS, () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => (ok ? true : undefined),
      () => undefined,
    ),
  );
  return { child, url };
}

async function loginAs(role: 'ledger' | 'sagemaker', adminUrl: string): Promise<string> {
  const group = ledgerGroup(role);
  const url = new URL(adminUrl);
  url.username = `bench_${group}`;
  url.password = randomBytes(16).toString('hex');
  await ensureLogin(adminUrl, { login: url.username, password: url.password, role: group });
  return url.toString();
}

function temporalCli(): Promise<string> {
  const { TEMPORAL_CLI_PATH, PATH, ...config } = readConfig();
  const cacheDir = cacheFolder({ TEMPORAL_CLI_PATH, PATH, ...config });
  return findTemporalCli(
    { temporalCliPath: TEMPORAL_CLI_PATH, path: PATH, cacheDir, childEnv: childEnvironment() },
    ({ note }) => {
      console.error(note);
    },
  );
}
