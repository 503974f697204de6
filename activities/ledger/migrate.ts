import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { readLedgerFiles, type LedgerFiles, type RepeatableFile } from './ledger-files.ts';

/** A migration that waits longer for a lock of running workers gives up, and its caller tries again (policy). */
const LOCK_TIMEOUT = '10s';

/**
 * Brings a ledger up to date: schema files that were not applied yet, files of functions whose content has changed, then all
 * rights. One transaction, so that a ledger never shows half of a version, under one advisory lock, so that several
 * processes may start at once. Workers go on calling the ledger meanwhile.
 * @param adminUrl connection of a role that may create schemas and roles
 * @returns names of the files that were applied now
 * @throws when the ledger has another version's schema files, or a file fails
 */
export async function migrateLedger(adminUrl: string, files: LedgerFiles = readLedgerFiles()): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'muster migrate' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query('select pg_advisory_xact_lock($1)', [PG_MIGRATE_LOCK_ID]);
    const schema = await applySchema(client, files);
    const repeated = await applyChanged(client, files);
    // Not only when something has changed: a role that somebody dropped, or a new provider's, is made here.
    await apply(client, files.roles);
    for (const provider of PROVIDER_NAMES) await client.query('select muster.ensure_provider_role($1)', [provider]);
    await client.query('commit');
    return [...schema, ...repeated];
  } finally {
    // Where something failed, this rolls everything back.
    await client.end();
  }
}

/** Says what to do when the ledger has another version's schema files. node-pg-migrate tells that by its text alone. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.startsWith('Not run migration')) return error;
  return new Error(
    `the ledger was made by a version that this one cannot continue (${error.message}). Use that version, or another ` +
      'database. For the local stack: npm start -- --reset deletes its data and begins with an empty ledger.',
    { cause: error },
  );
}

async function applySchema(client: pg.Client, files: LedgerFiles): Promise<string[]> {
  const applied = await runner({
    dbClient: insideTransaction(client),
    dir: files.schemaFolder,
    direction: 'up',
    migrationsTable: 'applied',
    migrationsSchema: 'muster_migrations',
    createMigrationsSchema: true,
    singleTransaction: true,
    // The lock of the whole migration is held.
    noLock: true,
    log: () => undefined,
  }).catch((error: unknown) => {
    throw explained(error);
  });
  return applied.map(({ name }) => name);
}

/** What the runner's own transaction becomes inside another one. */
const AS_SAVEPOINT = new Map([
  ['BEGIN', 'savepoint schema_files'],
  ['COMMIT', 'release savepoint schema_files'],
  ['ROLLBACK', 'rollback to savepoint schema_files'],
]);

/** The client as the runner sees it: its transaction is a savepoint of the one that is open. */
function insideTransaction(client: pg.Client): pg.Client {
  const query = (text: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> =>
    typeof text === 'string' ? client.query(AS_SAVEPOINT.get(text) ?? text, values) : client.query(text);
  return Object.assign(Object.create(client) as pg.Client, { query });
}

async function applyChanged(client: pg.Client, files: LedgerFiles): Promise<string[]> {
  const { rows } = await client.query<RepeatableFile>('select name, hash from muster_migrations.applied_file');
  const hashes = new Map(rows.map(({ name, hash }) => [name, hash]));
  const changed = [...files.functions, files.roles].filter(({ name, hash }) => hashes.get(name) !== hash);
  for (const file of changed) {
    if (file !== files.roles) await apply(client, file);
    await client.query(
      `insert into muster_migrations.applied_file (name, hash) values ($1, $2)
       on conflict (name) do update set hash = excluded.hash`,
      [file.name, file.hash],
    );
  }
  return changed.map(({ name }) => name);
}

async function apply(client: pg.Client, { name, sql }: RepeatableFile): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
