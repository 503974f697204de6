import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { silentLog, type LocalLog } from '../../../local/processes/log.ts';
import { OtherOwnerError } from '../../../local/other-owner.ts';
import { deleteDatabase } from '../../../local/postgres/database.ts';
import { startPostgres, type PostgresServer } from '../../../local/postgres/server.ts';
import { scratchFolder } from '../scratch.ts';

async function start(dataDir: string, port = 0, log: LocalLog = silentLog): Promise<PostgresServer> {
  const server = await startPostgres({ dataDir, port, fsync: false, log });
  onTestFinished(() => server.stop());
  return server;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

it('keeps its data after a restart, in a path with a space', async () => {
  const dataDir = path.join(scratchFolder(), 'data folder');
  const first = await start(dataDir);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  // As after a crash of the machine, with the pid in use by another program.
  writeFileSync(path.join(dataDir, 'cluster', 'postmaster.pid'), `${process.pid}\n`);
  const second = await start(dataDir);
  expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([42]);
  expect(await ask(second.url, 'SHOW server_encoding')).toEqual(['UTF8']);
});

it('asks for the password, which only this user can read', async () => {
  const dataDir = scratchFolder();
  const { url, port } = await start(dataDir);
  await expect(ask(url.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password');
  await expect(ask(`postgres://postgres@127.0.0.1:${port}/postgres`, 'SELECT 1')).rejects.toThrow('password');
  expect(statSync(path.join(dataDir, 'superuser-password')).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir).sort()).toEqual(
    ['cluster', 'cluster.json', 'initdb.log', 'postgres.log', 'postgres.pid', 'superuser-password'].sort(),
  );
});

it('replaces an incomplete database and leaves nothing of it', async () => {
  const dataDir = scratchFolder();
  mkdirSync(path.join(dataDir, 'cluster'));
  writeFileSync(path.join(dataDir, 'cluster', 'PG_VERSION'), '18\n');
  const { url } = await start(dataDir);
  expect(await ask(url, 'SELECT 1')).toEqual([1]);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('cluster'))).toEqual(['cluster', 'cluster.json']);
});

it('renames a database that a server has used but whose record is gone', async () => {
  const dataDir = scratchFolder();
  await (await start(dataDir)).stop();
  rmSync(path.join(dataDir, 'cluster.json'));
  await start(dataDir);
  const aside = readdirSync(dataDir).filter((name) => name.startsWith('cluster.lost-'));
  expect(aside).toHaveLength(1);
  expect(existsSync(path.join(dataDir, aside[0] ?? '', 'global', 'pg_control'))).toBe(true);
});

it('never replaces a database that was complete once', async () => {
  const dataDir = scratchFolder();
  await (await start(dataDir)).stop();
  rmSync(path.join(dataDir, 'cluster', 'PG_VERSION'));
  await expect(start(dataDir)).rejects.toThrow('was complete once');
  writeFileSync(path.join(dataDir, 'cluster', 'PG_VERSION'), '15\n');
  await expect(start(dataDir)).rejects.toThrow(/was made by PostgreSQL 15.*pg_dumpall/);
});

it('refuses a database of another user, as in a copied checkout, and names --reset', async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'needs root, to give files to another user');
  const dataDir = path.join(scratchFolder(), 'postgres');
  await (await start(dataDir)).stop();
  chownSync(path.join(dataDir, 'cluster'), 12_345, 12_345);
  const refused = await start(dataDir).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(OtherOwnerError);
  expect((refused as Error).message).toMatch(/belongs to user 12345.*npm start -- --reset/);
  await deleteDatabase(dataDir);
  expect(await ask((await start(dataDir)).url, 'SELECT 1')).toEqual([1]);
});

it('takes the next port when one is busy', async () => {
  const first = await start(scratchFolder());
  const second = await start(scratchFolder(), first.port);
  expect(second.port).toBeGreaterThan(first.port);
});

it('as root, works in a folder that its user cannot enter', async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'needs root, which runs PostgreSQL as another user');
  const closed = path.join(scratchFolder(), 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const dataDir = path.join(closed, 'postgres');
  onTestFinished(() => deleteDatabase(dataDir));
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (message: string) => warnings.push(message) };
  const first = await start(dataDir, 0, log);
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  expect(warnings).toEqual([expect.stringContaining('outside the data folder')]);
  expect(readFileSync(path.join(dataDir, 'cluster.json'), 'utf8')).toMatch(/"folder":"\/var\/(lib|tmp)\/muster/);
  const second = await start(dataDir);
  expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([42]);
  await second.stop();
});
