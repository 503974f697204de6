import { randomBytes } from 'node:crypto';
import type { Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { bindNamespace, ForeignLedgerError } from '../../activities/ledger/installation.ts';
import { ensureLogin } from '../../activities/ledger/logins.ts';
import { migrateLedger, missingMigrations } from '../../activities/ledger/migrate.ts';
import { openKit, type Kit } from './kit.ts';

let server: pg.Pool;
const made: string[] = [];
beforeAll(() => {
  server = new pg.Pool({ connectionString: inject('postgresUrl'), max: 2 });
});
afterAll(async () => {
  for (const name of made) await server.query(`drop database ${name} with (force)`);
  await server.end();
});

/** The address of a new database without a ledger. */
async function emptyDatabase(): Promise<string> {
  const name = `empty_${randomBytes(6).toString('hex')}`;
  await server.query(`create database ${name}`);
  made.push(name);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return url.toString();
}

async function withKit<T>(story: (kit: Kit) => Promise<T>): Promise<T> {
  const kit = await openKit(inject('postgresUrl'));
  try {
    return await story(kit);
  } finally {
    await kit.drop();
  }
}

/** What Temporal tells of a namespace, as far as the ledger asks. */
const namespaceWithId = (id: string | undefined): Connection =>
  ({
    workflowService: { describeNamespace: () => Promise.resolve({ namespaceInfo: id === undefined ? null : { id } }) },
  }) as unknown as Connection;

it('an empty database lacks every migration, and a migrated one none', async () => {
  const url = await emptyDatabase();
  const missing = await missingMigrations(url);
  expect(missing.toSorted()).toEqual(expect.arrayContaining(['1_tables', '8_roles']));
  expect((await migrateLedger(url)).toSorted()).toEqual(missing.toSorted());
  expect(await missingMigrations(url)).toEqual([]);
});

it('a migration that was not applied is named', () =>
  withKit(async ({ db }) => {
    await db.admin.query(`delete from muster_migrations.applied where name = '8_roles'`);
    expect(await missingMigrations(db.adminUrl)).toEqual(['8_roles']);
  }));

it('a second migration changes nothing', () =>
  withKit(async (kit) => {
    const creation = await kit.opened();
    expect(await migrateLedger(kit.db.adminUrl)).toEqual([]);
    expect(await kit.ledger.creationsOf(creation.requestId)).toEqual([creation]);
  }));

it('processes that migrate one database at once apply each file once', async () => {
  const url = await emptyDatabase();
  const applied = await Promise.all(Array.from({ length: 4 }, () => migrateLedger(url)));
  expect(applied.flat().toSorted()).toEqual([...new Set(applied.flat())].toSorted());
  expect(await missingMigrations(url)).toEqual([]);
});

it('processes that find nothing to migrate do not get in each other’s way', () =>
  withKit(async ({ db }) => {
    const migrations = Array.from({ length: 4 }, () => migrateLedger(db.adminUrl));
    expect((await Promise.all(migrations)).flat()).toEqual([]);
  }));

it('processes that grant a provider its rights at once do not get in each other’s way', () =>
  withKit(async ({ db }) => {
    const grants = Array.from({ length: 100 }, () => db.admin.query(`select muster.ensure_provider_role('sagemaker')`));
    await Promise.all(grants);
  }));

it('two databases of one server are migrated at once, although their roles are the same', async () => {
  const urls = [await emptyDatabase(), await emptyDatabase()];
  const [readValue, other] = await Promise.all(urls.map((url) => migrateLedger(url)));
  expect(readValue).toEqual(other);
});

it('a migration runs beside workers that call the ledger', () =>
  withKit(async (kit) => {
    const team = await kit.team();
    const migrations = Promise.all([migrateLedger(kit.db.adminUrl), migrateLedger(kit.db.adminUrl)]);
    const creations = await Promise.all(Array.from({ length: 30 }, () => kit.absent({ team })));
    expect(creations).toHaveLength(30);
    expect((await migrations).flat()).toEqual([]);
    expect(await kit.ledger.audit()).toEqual([]);
  }));

it('a login is made once, and made again with another password', async () => {
  const url = await emptyDatabase();
  await migrateLedger(url);
  const login = `login_${randomBytes(6).toString('hex')}`;
  const connect = async (password: string): Promise<void> => {
    const as = new URL(url);
    as.username = login;
    as.password = password;
    const client = new pg.Client({ connectionString: as.toString() });
    await client.connect();
    await client.query('select muster.audit()').finally(() => client.end());
  };
  for (const password of ['first', "second'quoted"]) {
    await ensureLogin(url, { login, password, role: 'muster_ledger' });
    await connect(password);
  }
  await server.query(`drop role ${login}`);
});

it('a ledger stays with the namespace that used it first', () =>
  withKit(async ({ db }) => {
    await bindNamespace(db.ledger, namespaceWithId('namespace-1'), 'default');
    await bindNamespace(db.ledger, namespaceWithId('namespace-1'), 'default');
    await expect(bindNamespace(db.ledger, namespaceWithId('namespace-2'), 'default')).rejects.toThrow(
      ForeignLedgerError,
    );
    const { rows } = await db.admin.query('select namespace_id from muster.installation');
    expect(rows).toEqual([{ namespace_id: 'namespace-1' }]);
  }));

it('of two namespaces that meet a new ledger at once, one gets it', () =>
  withKit(async ({ db }) => {
    const ids = ['namespace-1', 'namespace-2'];
    const settled = await Promise.allSettled(ids.map((id) => bindNamespace(db.ledger, namespaceWithId(id), id)));
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  }));

it('a namespace that tells no id is not taken for one', () =>
  withKit(async ({ db }) => {
    await expect(bindNamespace(db.ledger, namespaceWithId(undefined), 'default')).rejects.toThrow();
    await bindNamespace(db.ledger, namespaceWithId('namespace-1'), 'default');
  }));
