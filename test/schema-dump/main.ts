import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { silentLog } from '../../local/processes/log.ts';
import { startPostgres } from '../../local/postgres/server.ts';
import { connectLedger } from '../../activities/ledger/connection.ts';
import { migrateLedger } from '../../activities/ledger/migrate.ts';
import { dumpSchema, SCHEMA_DUMP } from './dump.ts';

// Writes activities/ledger/schema.sql from a new database.
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'muster schema '));
const server = await startPostgres({ dataDir, port: 0, fsync: false, log: silentLog });
try {
  await migrateLedger(server.url);
  const db = connectLedger(server.url, () => undefined);
  writeFileSync(SCHEMA_DUMP, await dumpSchema(db));
  await db.end();
} finally {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
