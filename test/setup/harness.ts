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

/** 12 minutes of a creation pass in 0.7 s; claims and late-cluster windows take their shortest, 2 s. */
export const SPEED = 1000;

/** How a harness differs from the usual one. */
export interface HarnessOptions {
  /** Providers that the test runs and closes itself: shared by two installations, or set up in an unusual way. */
  readonly simulators?: Simulators;
  /** How much faster than real the providers' time runs: SPEED by default. Simulators that the test gives have their own. */
  readonly speed?: number;
  /** Whether sweeps start cleanups, the default, or only report them. */
  readonly cleanups?: Cleanups;
  /** Workers that it comes up with: all of them by default. */
  readonly roles?: readonly Role[];
}
type Cleanups = NonNullable<WorkerSettings['cleanups']>;

/** Muster with everything real but the provider, in a namespace and a database of its own. */
export interface Harness {
  readonly client: Client;
  readonly muster: Muster;
  readonly db: TestLedger;
  readonly ledger: Ledger;
  readonly control: SimulatorControl;
  readonly simulators: Simulators;
  /** Those that it came up with. */
  readonly workers: RunningWorkers;
  /** What a process that works for SageMaker is told by its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts workers of these roles; all of them by default. */
  startWorkers(roles?: readonly Role[], cleanups?: Cleanups): Promise<RunningWorkers>;
  stop(): Promise<void>;
}

/** Brings a harness up, workers included. */
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
  // A new namespace is known to every part of the server within moments.
  await until(() => registerSearchAttributes(address, namespace, SEARCH_ATTRIBUTES).then(() => true), {
    what: `namespace ${namespace} in every part of the server`,
  });
  await admin.connection.close();
  return connectClient({ address, namespace });
}
