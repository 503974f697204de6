import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { silentLog } from '../../local/processes/log.ts';
import { freePort, LOOPBACK } from '../../local/processes/ports.ts';
import { startTemporalServer } from '../../local/temporal/server.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import postgres from './postgres.ts';
import { temporalCli } from './temporal-cli.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a Temporal dev server that all tests of the project share. Each file makes its own namespace. */
    temporalAddress: string;
    /** Address of that server's metrics. */
    temporalMetricsUrl: string;
    /** Path of the bundle of workflows, made once for the run. */
    workflowBundlePath: string;
  }
}

/** Starts one real Temporal and one real PostgreSQL for the run, and bundles the workflows once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stopPostgres = await postgres(project);
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster test temporal '));
  const cliPath = await temporalCli();
  const metricsPort = await freePort(0);
  const server = await startTemporalServer({
    ...{ cliPath, dataDir, port: 0, uiPort: 0, headless: true, metricsPort, log: silentLog },
  });
  const bundlePath = path.join(dataDir, 'workflow-bundle.js');
  const { code } = await bundleWorkflows();
  await writeFile(bundlePath, code);
  project.provide('temporalAddress', server.address);
  project.provide('temporalMetricsUrl', `http://${LOOPBACK}:${metricsPort}/metrics`);
  project.provide('workflowBundlePath', bundlePath);
  return async () => {
    await server.stop();
    await stopPostgres();
    await rm(dataDir, { recursive: true, force: true });
  };
}
