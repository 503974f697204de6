import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DataFolderInUseError, lockDataFolder } from '../../local/data-folder.ts';
import { startPostgres } from '../../local/postgres/server.ts';
import { identify, livenessOf } from '../../local/processes/process-identity.ts';
import { silentLog } from '../../local/processes/log.ts';
import { NotADataFolderError, resetDataFolder } from '../../local/reset.ts';
import { writeStackNote } from '../../platform/stack-note.ts';
import { scratchFolder } from './scratch.ts';

function write(folder: string, ...files: string[]): void {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), 'content');
  }
}

it('deletes what a stack creates and keeps the folder', async () => {
  const folder = scratchFolder();
  write(folder, 'muster.log', 'starts', 'simulators/sagemaker/state.json');
  write(
    folder,
    'temporal/temporal.db',
    'temporal/temporal.db-wal',
    'temporal/temporal.log.1',
    'web-ui/config/development.yaml',
  );
  mkdirSync(path.join(folder, 'stack.lock.take-over'));
  writeStackNote(folder, { pid: 1, address: 'x', namespace: 'y', uiUrl: null });
  const postgres = await startPostgres({
    dataDir: path.join(folder, 'postgres'),
    port: 0,
    fsync: false,
    log: silentLog,
  });
  await postgres.stop();
  await resetDataFolder(folder);
  expect(readdirSync(folder)).toEqual([]);
});

it('leaves a missing and an empty folder as they are', async () => {
  const folder = scratchFolder();
  await resetDataFolder(path.join(folder, 'missing'));
  expect(existsSync(path.join(folder, 'missing'))).toBe(false);
  await resetDataFolder(folder);
  expect(readdirSync(folder)).toEqual([]);
});

it.each([
  ['a file of somebody', ['muster.log', 'thesis.tex'], 'thesis.tex'],
  ['a folder of somebody', ['temporal/temporal.db', 'alice/notes'], 'alice'],
  ['checkouts that have our names', ['postgres/src/main.c', 'temporal/go.mod'], path.join('postgres', 'src')],
  ['a file with the name of a folder', ['postgres'], 'postgres'],
])('refuses a folder with %s, and deletes nothing', async (_, files, stranger) => {
  const folder = scratchFolder();
  write(folder, ...files);
  const failure: unknown = await resetDataFolder(folder).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NotADataFolderError);
  expect((failure as Error).message).toContain(`it holds ${stranger}.`);
  for (const file of files) expect(readFileSync(path.join(folder, file), 'utf8')).toBe('content');
});

it('refuses a link and deletes nothing through it', async () => {
  const [folder, elsewhere] = [scratchFolder(), scratchFolder()];
  write(elsewhere, 'temporal.db');
  symlinkSync(elsewhere, path.join(folder, 'temporal'));
  await expect(resetDataFolder(folder)).rejects.toThrow(NotADataFolderError);
  expect(readdirSync(elsewhere)).toEqual(['temporal.db']);
});

it('refuses while a stack uses the folder', async () => {
  const folder = scratchFolder();
  write(folder, 'muster.log');
  const lock = await lockDataFolder(folder);
  await expect(resetDataFolder(folder)).rejects.toThrow(DataFolderInUseError);
  expect(readdirSync(folder).sort()).toEqual(['muster.log', 'stack.lock']);
  await lock.release();
});

it('stops the servers that a killed stack left', async () => {
  const folder = scratchFolder();
  const server = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void server.kill('SIGKILL'));
  const left = identify(server.pid ?? 0);
  mkdirSync(path.join(folder, 'temporal'));
  const dead = { pid: spawnSync('true').pid, started: 'long ago' };
  writeFileSync(path.join(folder, 'temporal', 'temporal.pid'), JSON.stringify({ ...left, parent: dead }));
  writeFileSync(path.join(folder, 'stack.lock'), JSON.stringify(dead));
  await resetDataFolder(folder);
  expect(livenessOf(left)).toBe('dead');
  expect(readdirSync(folder)).toEqual([]);
});

it('as root, deletes a database outside the data folder, complete or not', async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'needs root, which runs PostgreSQL as another user');
  const closed = path.join(scratchFolder(), 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const postgres = path.join(closed, 'postgres');
  const start = () => startPostgres({ dataDir: postgres, port: 0, fsync: false, log: silentLog });
  for (const record of ['kept', 'never written']) {
    await (await start()).stop();
    const file = path.join(postgres, 'cluster.json');
    const { folder } = JSON.parse(readFileSync(file, 'utf8')) as { folder: string };
    expect(folder.startsWith(closed)).toBe(false);
    if (record === 'never written') spawnSync('rm', [file]);
    await resetDataFolder(closed);
    expect(existsSync(path.dirname(folder)), `record ${record}`).toBe(false);
  }
});
