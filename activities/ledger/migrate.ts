import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { projectRoot } from '../../platform/project-root.ts';

const MIGRATIONS = path.join(projectRoot(), 'activities', 'ledger', 'migrations');
const HISTORY = { migrationsTable: 'applied', migrationsSchema: 'muster_migrations' };
/** A migration that waits longer for a lock held by running workers gives up, and is tried again by its caller (policy). */
const LOCK_TIMEOUT = '10s';

/**
 * Brings the ledger's schema up to date. Safe under running workers and when several processes start at once: one
 * advisory lock, each file in its transaction, and files only ever add.
 * @param adminUrl connection of a role that may create schemas and roles
 * @returns names of the files applied now
 */
export async function migrateLedger(adminUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'muster migrate' });
  await client.connect();
  try {
    await client.query(`set lock_timeout = '${LOCK_TIMEOUT}'`);
    const applied = await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      ...HISTORY,
      createMigrationsSchema: true,
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
    for (const provider of PROVIDER_NAMES) await client.query('select muster.ensure_provider_role($1)', [provider]);
    return applied.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

/** Names of the migrations that this code needs. */
export const neededMigrations = (): string[] => readdirSync(MIGRATIONS).map((file) => path.basename(file, '.sql'));

/** Names of the migrations this code needs and a database lacks; all of them where there is no ledger yet. */
export async function missingMigrations(adminUrl: string): Promise<string[]> {
  const needed = neededMigrations();
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const exists = await client.query<{ there: boolean }>(
      `select to_regclass('muster_migrations.applied') is not null as there`,
    );
    if (exists.rows[0]?.there !== true) return needed;
    const { rows } = await client.query<{ name: string }>('select name from muster_migrations.applied');
    const applied = new Set(rows.map(({ name }) => name));
    return needed.filter((name) => !applied.has(name));
  } finally {
    await client.end();
  }
}
