import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { connectLedger } from '../../activities/ledger/connection.ts';
import { migrateLedger } from '../../activities/ledger/migrate.ts';
import { ensureLogin } from '../../activities/ledger/logins.ts';

/** A ledger in its own database, for one test file. */
export interface TestLedger {
  /** Connection of the superuser. */
  readonly adminUrl: string;
  readonly admin: pg.Pool;
  /** Connection of a login with the ledger worker's rights. */
  readonly ledgerUrl: string;
  readonly ledger: pg.Pool;
  /** Makes a login with a provider worker's rights. @returns its connection */
  providerUrl(provider: string): Promise<string>;
  drop(): Promise<void>;
}

const onIdleError = (): void => undefined;

/** Makes a database on the shared server, migrates it, and connects with the rights that workers have. */
export async function createTestLedger(postgresUrl: string): Promise<TestLedger> {
  const name = `ledger_${randomBytes(6).toString('hex')}`;
  const server = new pg.Pool({ connectionString: postgresUrl, max: 1 });
  await server.query(`create database ${name}`);
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const adminUrl = url.toString();
  await migrateLedger(adminUrl);
  const login = async (role: string): Promise<string> => {
    const made = new URL(adminUrl);
    made.username = `${name}_${role}`;
    made.password = randomBytes(12).toString('hex');
    await ensureLogin(adminUrl, { login: made.username, password: made.password, role });
    return made.toString();
  };
  const ledgerUrl = await login('muster_ledger');
  const admin = connectLedger(adminUrl, onIdleError);
  const ledger = connectLedger(ledgerUrl, onIdleError);
  return {
    adminUrl,
    admin,
    ledgerUrl,
    ledger,
    providerUrl: (provider) => login(`muster_provider_${provider.replaceAll('-', '_')}`),
    drop: async () => {
      await admin.end();
      await ledger.end();
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}

/** Copies a request's first creation, which was refused, up to a number, as if the request had waited for weeks. */
export async function refuseUpTo(admin: pg.Pool, key: string, number: number): Promise<void> {
  await admin.query(
    `insert into muster.creation
     select made.* from muster.creation c, generate_series(2, $2) n,
       jsonb_populate_record(c, jsonb_build_object('number', n, 'key', muster.creation_key(c.request_id, n))) made
     where c.key = $1`,
    [key, number],
  );
}
