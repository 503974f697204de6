import type pg from 'pg';
import { z } from 'zod';
import { failed, ok, type Check } from '../../contracts/health.ts';
import { readLedgerFiles } from './ledger-files.ts';
import { readValue } from './read-value.ts';

/** Clocks that differ by more than this are reported, ms (policy). The ledger uses its own clock alone. */
const CLOCK_DRIFT_MS = 5_000;

/** Checks the ledger with its worker's rights. Changes nothing. */
export async function checkLedger(db: pg.Pool): Promise<Check[]> {
  const { rows } = await db.query<{ version: string; now_ms: string; database: string }>(
    "select current_setting('server_version') as version, muster.now_ms() as now_ms, current_database() as database",
  );
  const [row] = rows;
  const driftMs = Math.abs(Number(row?.now_ms) - Date.now());
  return [
    ok('ledger', `PostgreSQL ${row?.version ?? ''}, database ${row?.database ?? ''}`),
    await migrationCheck(db),
    driftMs < CLOCK_DRIFT_MS
      ? ok('ledger: clock', 'agrees with the worker')
      : failed(
          'ledger: clock',
          `differs by ${driftMs} ms from the worker's`,
          'Synchronize both clocks, for example by NTP.',
        ),
    await booksCheck(db),
  ];
}

const AppliedFiles = z.object({ schema: z.array(z.string()), hashes: z.record(z.string(), z.string()) });

async function migrationCheck(db: pg.Pool): Promise<Check> {
  const applied = await readValue(db, AppliedFiles, 'applied_files()', []);
  const { schema, functions, roles } = readLedgerFiles();
  const repeatable = [...functions, roles];
  const missing = [
    ...schema.filter((name) => !applied.schema.includes(name)),
    ...repeatable.filter(({ name, hash }) => applied.hashes[name] !== hash).map(({ name }) => name),
  ];
  if (missing.length === 0) return ok('ledger: migrations', `all ${schema.length + repeatable.length} files applied`);
  return failed(
    'ledger: migrations',
    `not applied, or another version of it is: ${missing.join(', ')}`,
    'MUSTER_LEDGER_ADMIN_URL=... npm run worker -- --roles ledger --migrate',
  );
}

async function booksCheck(db: pg.Pool): Promise<Check> {
  const faults = await readValue(db, z.array(z.string()), 'audit()', []);
  if (faults.length === 0) return ok('ledger: books', 'journal, balances and creations agree');
  return failed(
    'ledger: books',
    faults.join('; '),
    'Keep a copy of the database. Do not change rows by hand before the cause is known.',
  );
}
