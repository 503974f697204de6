import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkLedger } from '../../activities/ledger/check.ts';
import { readLedgerFiles } from '../../activities/ledger/ledger-files.ts';
import { ensureLogin } from '../../activities/ledger/logins.ts';
import { migrateLedger } from '../../activities/ledger/migrate.ts';
import { openKit, type Kit } from './kit.ts';
import { versions } from './later-version.ts';

let server: pg.Pool;
const files = versions();
const made: string[] = [];
beforeAll(() => {
  server = new pg.Pool({ connectionString: inject('postgresUrl'), max: 2 });
});
afterAll(async () => {
  for (const name of made) await server.query(`drop database ${name} with (force)`);
  await server.end();
  files.remove();
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

/** One row of one column. */
const valueOf = async <T>(db: pg.Pool, select: string, args: unknown[] = []): Promise<T | undefined> =>
  (await db.query<{ value: T }>(`select ${select} as value`, args)).rows[0]?.value;

const allFiles = (): string[] => {
  const { schema, functions, roles } = readLedgerFiles();
  return [...schema, ...[...functions, roles].map(({ name }) => name)];
};

describe('a migration', () => {
  it('applies every file to an empty database', async () => {
    expect(await migrateLedger(await emptyDatabase())).toEqual(allFiles());
  });

  it('refuses a ledger with the schema files of another history, and says what to do', () =>
    withKit(async (kit) => {
      await kit.db.admin.query(`update muster_migrations.applied set name = '1_other'`);
      await expect(migrateLedger(kit.db.adminUrl)).rejects.toThrow(/version that this one cannot continue.*--reset/);
    }));

  it('applies nothing and changes no row when nothing has changed', () =>
    withKit(async (kit) => {
      const creation = await kit.opened();
      expect(await migrateLedger(kit.db.adminUrl)).toEqual([]);
      expect((await kit.ledger.receipt(creation.requestId)).creations).toEqual([creation]);
    }));

  it('applies new schema files, changed function files and nothing else', () =>
    withKit(async ({ db }) => {
      const later = files.changed({
        'schema/2_note.sql': `alter table muster.budget add column note text not null default 'none';`,
        'functions/money.sql': (text) =>
          `${text}\ncreate or replace function muster.note_of(p_team text) returns text language sql stable
           as $$ select note from muster.budget where team = p_team $$;`,
      });
      expect(await migrateLedger(db.adminUrl, later)).toEqual(['2_note', 'functions/money.sql']);
      expect(await migrateLedger(db.adminUrl, later)).toEqual([]);
      await db.ledger.query(`select muster.set_budget('team', 'total', 1, 'test')`);
      expect(await valueOf(db.ledger, `muster.note_of('team')`)).toBe('none');
    }));

  it('puts the functions of an older version back, above the newer schema', () =>
    withKit(async ({ db }) => {
      const returning = (what: string) => (text: string) =>
        `${text}\ncreate or replace function muster.version() returns text language sql as $$ select '${what}' $$;`;
      const older = files.changed({ 'functions/health.sql': returning('older') });
      const newer = files.changed({
        'schema/2_note.sql': 'alter table muster.budget add column note text;',
        'functions/health.sql': returning('newer'),
      });
      for (const [each, version] of [
        [older, 'older'],
        [newer, 'newer'],
        [older, 'older'],
      ] as const) {
        await migrateLedger(db.adminUrl, each);
        expect(await valueOf(db.ledger, 'muster.version()')).toBe(version);
      }
    }));

  it.each([
    ['a function file', 'functions/audit.sql', (text: string) => `${text}\nselect 1 / 0;`],
    ['the file of roles', 'roles.sql', (text: string) => `${text}\nselect 1 / 0;`],
    ['a later schema file', 'schema/3_fault.sql', 'select 1 / 0;'],
  ])('changes nothing at all when %s fails', (_, name, change) =>
    withKit(async ({ db }) => {
      const later = files.changed({
        'schema/2_note.sql': 'alter table muster.budget add column note text;',
        'functions/clock.sql': (text) =>
          `${text}\ncreate or replace function muster.early() returns integer language sql as $$ select 1 $$;`,
        [name]: change,
      });
      await expect(migrateLedger(db.adminUrl, later)).rejects.toThrow('division by zero');
      expect(
        await valueOf(
          db.admin,
          `jsonb_build_object(
            'column', exists (select from information_schema.columns where column_name = 'note'),
            'function', to_regproc('muster.early') is not null,
            'applied', (select count(*) from muster_migrations.applied))`,
        ),
      ).toEqual({ column: false, function: false, applied: 1 });
      // Nothing is left locked, and the version that worked still does.
      expect(await migrateLedger(db.adminUrl)).toEqual([]);
    }),
  );

  it('names the file that failed', () =>
    withKit(async ({ db }) => {
      const later = files.changed({ 'functions/audit.sql': 'create function' });
      await expect(migrateLedger(db.adminUrl, later)).rejects.toThrow(/^functions\/audit.sql: syntax error/);
    }));

  it('refuses a function file that has no place in the order', () => {
    expect(() => files.changed({ 'functions/more.sql': 'select 1;' })).toThrow(/functions\/more/);
  });

  it('applies each file once when several processes migrate one empty database', async () => {
    const url = await emptyDatabase();
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrateLedger(url)));
    expect(applied.flat()).toEqual(allFiles());
  });

  it('runs in several processes at once when there is nothing to apply', () =>
    withKit(async ({ db }) => {
      const migrations = Array.from({ length: 4 }, () => migrateLedger(db.adminUrl));
      expect((await Promise.all(migrations)).flat()).toEqual([]);
    }));

  it('runs in two databases of one server at once, although they share their roles', async () => {
    const urls = [await emptyDatabase(), await emptyDatabase()];
    const [one, other] = await Promise.all(urls.map((url) => migrateLedger(url)));
    expect(one).toEqual(other);
  });
});

describe('the check of a ledger', () => {
  const migrations = async ({ db }: Kit) =>
    (await checkLedger(db.ledger)).find(({ subject }) => subject === 'ledger: migrations');

  it('is content with what a migration applied', () =>
    withKit(async (kit) => {
      expect(await migrations(kit)).toMatchObject({ state: 'ok' });
    }));

  it.each([
    ['a schema file that was not applied', `delete from muster_migrations.applied`, '1_baseline'],
    [
      'a function file that has changed since it was applied',
      `update muster_migrations.applied_file set hash = 'other' where name = 'functions/money.sql'`,
      'functions/money.sql',
    ],
    [
      'a function file that was never applied',
      `delete from muster_migrations.applied_file where name = 'functions/money.sql'`,
      'functions/money.sql',
    ],
    ['changed roles', `update muster_migrations.applied_file set hash = '' where name = 'roles.sql'`, 'roles.sql'],
  ])('names %s', (_, change, name) =>
    withKit(async (kit) => {
      await kit.db.admin.query(change);
      const check = await migrations(kit);
      expect(check).toMatchObject({ state: 'failed' });
      expect(check?.detail.endsWith(`: ${name}`), check?.detail).toBe(true);
    }),
  );
});

it('calls that grant a provider its rights run at once', () =>
  withKit(async ({ db }) => {
    const grants = Array.from({ length: 100 }, () => db.admin.query(`select muster.ensure_provider_role('sagemaker')`));
    await Promise.all(grants);
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
