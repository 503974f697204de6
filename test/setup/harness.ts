import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { inject } from 'vitest';
import { createMuster, type Muster } from '../../client/muster.ts';
import { createLedger, type Ledger } from '../../activities/ledger/ledger.ts';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { registerSearchAttributes } from '../../local/temporal/search-attributes.ts';
import { connectClient } from '../../platform/connection.ts';
import { createLogger } from '../../platform/logger.ts';
import { startSimulators, type Simulators, type SimulatorControl } from '../../simulators/index.ts';
import { ROLES, type Role } from '../../workers/roles.ts';
import { runWorkers, type RunningWorkers, type WorkerSettings } from '../../workers/run.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { createTestLedger, type TestLedger } from './ledger.ts';
import { until } from './until.ts';

/** 12 minutes until a cluster is created pass in 0.7 s. Claims and late-cluster windows last 2 s, their shortest. */
export const SPEED = 1000;

/** Options of a harness. */
export interface HarnessOptions {
  /** Simulators that the test starts and closes itself, such as those that two installations share. */
  readonly simulators?: Simulators;
  /** How much faster than real time the providers run; SPEED by default. Simulators of the test have their own speed. */
  readonly speed?: number;
  /** Whether sweeps start cleanups, the default, or only report them. */
  readonly cleanups?: Cleanups;
  /** Roles of the workers that it starts; all by default. */
  readonly roles?: readonly Role[];
}
type Cleanups = NonNullable<WorkerSettings['cleanups']>;

/** Muster in its own namespace and database. Everything is real except the providers. */
export interface Harness {
  readonly client: Client;
  readonly muster: Muster;
  readonly db: TestLedger;
  readonly ledger: Ledger;
  readonly control: SimulatorControl;
  readonly simulators: Simulators;
  /** The workers that it started first. */
  readonly workers: RunningWorkers;
  /** The environment of a worker process for SageMaker. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts more workers, of these roles; of all by default. */
  startWorkers(roles?: readonly Role[], cleanups?: Cleanups): Promise<RunningWorkers>;
  stop(): Promise<void>;
}

/** Starts a harness with its workers. */
export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const { speed = SPEED } = options;
  const log = createLogger('silent');
  installRuntime(log);
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const address = inject('temporalAddress');
  const [db, simulators, client] = await Promise.all([
    createTestLedger(inject('postgresUrl')),
    options.simulators ?? startSimulators({ speed, seed: namespace }),
    newNamespace(address, namespace),
  ]);
  const providerUrls = new Map<string, string>();
  for (const name of PROVIDER_NAMES) providerUrls.set(name, await db.providerUrl(name));
  const { control } = simulators.sagemaker;
  const running: RunningWorkers[] = [];
  const startWorkers: Harness['startWorkers'] = async (roles = ROLES, cleanups = options.cleanups ?? 'start') => {
    const started = await runWorkers({
      roles,
      temporal: { address, namespace },
      speed,
      cleanups,
      ledgerUrl: (role) => providerUrls.get(role) ?? db.ledgerUrl,
      provider: (name) => ({ ...simulators.access(name), callTimeoutMs: 2_000 }),
      log,
      bundle: { codePath: inject('workflowBundlePath') },
    });
    running.push(started);
    return started;
  };
  const workers = await startWorkers(options.roles);
  const ledger = createLedger(db.ledger);
  await ledger.setBudget('research', 'total', 10_000_000_000_000, 'test');
  return {
    client,
    muster: createMuster(client),
    db,
    ledger,
    control,
    simulators,
    workers,
    environment: {
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      MUSTER_LEDGER_URL_SAGEMAKER: providerUrls.get('sagemaker') ?? '',
      MUSTER_SAGEMAKER_ENDPOINT: simulators.sagemaker.url,
      AWS_ACCESS_KEY_ID: simulators.sagemaker.accessKeyId,
      AWS_SECRET_ACCESS_KEY: simulators.sagemaker.secretAccessKey,
      MUSTER_SPEED: String(speed),
    },
    startWorkers,
    stop: async () => {
      await Promise.all(running.map((each) => each.stop()));
      await client.connection.close();
      if (options.simulators === undefined) await simulators.close();
      await db.drop();
    },
  };
}

async function newNamespace(address: string, namespace: string): Promise<Client> {
  const admin = await connectClient({ address });
  await admin.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  // Every part of the server knows a new namespace after a moment.
  await until(() => registerSearchAttributes(address, namespace, SEARCH_ATTRIBUTES).then(() => true), {
    what: `namespace ${namespace} in every part of the server`,
  });
  await admin.connection.close();
  return connectClient({ address, namespace });
}
