import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { silentLog } from '../../local/processes/log.ts';
import { startPostgres } from '../../local/postgres/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser connection of a PostgreSQL that all tests of the project share. Each file makes its own database. */
    postgresUrl: string;
  }
}

/** Starts one real PostgreSQL for the run, without fsync: no test needs data after a crash of the machine. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster test postgres '));
  const server = await startPostgres({ dataDir, port: 0, fsync: false, log: silentLog });
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
