import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { childEnvironment } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';

const serverUrl = inject('postgresUrl');
const unique = `deploy_${randomBytes(6).toString('hex')}`;
const server = new pg.Pool({ connectionString: serverUrl, max: 1 });
const logins = { ledger: `${unique}_ledger`, sagemaker: `${unique}_sagemaker` };
let folder: string;

const urlOf = (login?: { user: string; password: string }): string => {
  const url = new URL(serverUrl);
  url.pathname = `/${unique}`;
  if (login) Object.assign(url, { username: login.user, password: login.password });
  return url.toString();
};

/** As the one-shot of docker-compose.yml runs it: every connection in a file. */
async function migrate(urls: Record<string, string>): Promise<{ code: number; stderr: string }> {
  const files = Object.entries({ MUSTER_LEDGER_ADMIN_URL: urlOf(), ...urls }).map(([name, url]) => {
    writeFileSync(path.join(folder, name), `${url}\n`);
    return [`${name}_FILE`, path.join(folder, name)];
  });
  const entry = path.join(projectRoot(), 'workers', 'main.ts');
  try {
    const { stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', entry, '--migrate', '--logins'],
      { env: { ...childEnvironment(), ...(Object.fromEntries(files) as Record<string, string>) } },
    );
    return { code: 0, stderr };
  } catch (error) {
    return error as { code: number; stderr: string };
  }
}

/** What a login may do, or the text of its refusal. */
async function asks(user: string, password: string, query: string): Promise<string> {
  const client = new pg.Client({ connectionString: urlOf({ user, password }) });
  try {
    await client.connect();
    await client.query(query);
    return 'done';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'muster migration '));
  await server.query(`create database ${unique}`);
});
afterAll(async () => {
  await server.query(`drop database ${unique} with (force)`);
  for (const login of Object.values(logins)) await server.query(`drop role if exists ${login}`);
  await server.end();
  rmSync(folder, { recursive: true });
});

it("migrates, makes a login a role with that role's rights alone, sets new passwords, and ends", async () => {
  for (const password of ['first', 'second']) {
    const made = await migrate({
      MUSTER_LEDGER_URL: urlOf({ user: logins.ledger, password }),
      MUSTER_LEDGER_URL_SAGEMAKER: urlOf({ user: logins.sagemaker, password }),
    });
    expect(made).toMatchObject({ code: 0 });
    expect(made.stderr).not.toContain(`:${password}@`);
    expect(await asks(logins.ledger, password, 'select muster.audit()')).toBe('done');
    expect(await asks(logins.sagemaker, password, 'select muster.installation_id()')).toBe('done');
    expect(await asks(logins.sagemaker, password, 'select muster.audit()')).toMatch(/permission denied/);
  }
  const { rows } = await server.query<{ login: string; role: string }>(
    `select m.member::regrole::text as login, m.roleid::regrole::text as role from pg_auth_members m
     where m.member::regrole::text like '${unique}%' order by 1`,
  );
  expect(rows).toEqual([
    { login: logins.ledger, role: 'muster_ledger' },
    { login: logins.sagemaker, role: 'muster_provider_sagemaker' },
  ]);
});

const own = (): Record<string, string> => ({ MUSTER_LEDGER_URL: urlOf({ user: logins.ledger, password: 'x' }) });

it.each([
  [
    'two roles with one login',
    () => ({ ...own(), MUSTER_LEDGER_URL_SAGEMAKER: own()['MUSTER_LEDGER_URL'] ?? '' }),
    /same login/,
  ],
  ["a worker with the migration's own login", () => ({ MUSTER_LEDGER_URL: urlOf() }), /same login|user and a password/],
  [
    'a connection without a password',
    () => ({ MUSTER_LEDGER_URL: 'postgresql://someone@nowhere/x' }),
    /user and a password/,
  ],
  ['a connection that is none', () => ({ MUSTER_LEDGER_URL: 'secret' }), /user and a password/],
  ["no connection of the ledger's worker", () => ({}), /MUSTER_LEDGER_URL is missing/],
])('refuses %s, and says so', async (_, urls, message) => {
  const refused = await migrate(urls());
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(message) as string });
});
