import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import type { LocalLog } from '../processes/log.ts';
import { freePort, LOOPBACK } from '../processes/ports.ts';
import { findPostgresBinaries, type PostgresBinaries } from './binaries.ts';
import { openDatabase, type Database } from './database.ts';
import { SUPERUSER } from './initdb.ts';
import { serverUser, type ServerUser } from './user.ts';
import { programOf } from '../processes/process-identity.ts';
import { hasLostPort } from '../processes/child-failed.ts';
import { startChild, untilReady, type Child } from '../processes/child.ts';

/** A clean start takes 0.1 s. After a crash PostgreSQL first replays its log (policy). */
const READY_TIMEOUT_MS = 120_000;
/** A fast shutdown ends the sessions and writes a checkpoint (policy). */
const STOP_TIMEOUT_MS = 20_000;
const PROBE_TIMEOUT_MS = 2_000;
/** Starts on another port when another program took ours between the check and the start (policy). */
const PORT_ATTEMPTS = 3;

export interface PostgresOptions {
  /** Holds the log, the pid file, the superuser's password and the database files. Created if missing. */
  dataDir: string;
  /** Preferred port. The next free one if it is busy; any if 0. */
  port: number;
  /** For tests, `false`: faster, but a crash of the machine may damage the database. */
  fsync?: boolean;
  log: LocalLog;
}

export interface PostgresServer {
  /** Connection string of the superuser. Contains the password: do not log it. */
  url: string;
  port: number;
  /** Resolves with the reason when the server has ended. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on 127.0.0.1 from the installed npm package and waits until it answers. The first start makes the database.
 * If this process runs as root, PostgreSQL runs as another user, as it demands.
 *
 * @throws {ChildFailedError} when it ends early or is not ready within 120 s, with its output
 * @throws {OtherOwnerError} when the database files belong to another user
 * @throws when the database has another major version, or was complete once and is damaged
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataDir = path.resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const user = serverUser();
  const binaries = await findPostgresBinaries(user);
  const database = await openDatabase(dataDir, binaries, user, options.log);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(options.port);
    if (options.port !== 0 && port !== options.port) {
      options.log.info('port is busy, taking the next free one', { name: 'postgres', wanted: options.port, port });
    }
    try {
      const child = await launch({ ...options, dataDir }, { database, binaries, user, port });
      options.log.info('postgres started', { port, pid: child.pid });
      return { url: urlOf(database, port), port, exited: child.exited, stop: () => child.stop() };
    } catch (error) {
      if (!hasLostPort(error) || attempt >= PORT_ATTEMPTS) throw error;
    }
  }
}

async function launch(
  options: PostgresOptions,
  at: { database: Database; binaries: PostgresBinaries; user: ServerUser | undefined; port: number },
): Promise<Child> {
  const settings = {
    listen_addresses: LOOPBACK,
    port: String(at.port),
    // No socket file: all users would share its folder, and the length of its path is limited.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.fsync === false ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  await dropStaleLock(at.database.folder);
  const child = await startChild({
    name: 'postgres',
    command: at.binaries.postgres,
    args: [
      '-D',
      at.database.folder,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    runDir: options.dataDir,
    cwd: '/',
    user: at.user,
    // A fast shutdown. SIGTERM would wait until every client has disconnected.
    stopSignal: 'SIGINT',
    stopTimeoutMs: STOP_TIMEOUT_MS,
    log: options.log,
  });
  await untilReady(child, 'postgres', READY_TIMEOUT_MS, () => answers(at.database, at.port));
  return child;
}

/**
 * Removes a lock file of a dead server. PostgreSQL does that itself, except when another program of the same user has the
 * server's pid: usual after a restart of a container.
 */
async function dropStaleLock(folder: string): Promise<void> {
  const file = path.join(folder, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  const program = programOf(pid);
  if (program !== undefined && !/^postgres/.test(program)) await rm(file, { force: true });
}

/** Ready when it serves this database: another server on the port has another password and another folder. */
async function answers(database: Database, port: number): Promise<true | undefined> {
  const client = new Client({
    connectionString: urlOf(database, port),
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  });
  // Without a listener, an error between two awaits would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
    return rows[0]?.folder === database.folder ? true : undefined;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function urlOf(database: Database, port: number): string {
  return `postgres://${SUPERUSER}:${database.password}@${LOOPBACK}:${port}/postgres`;
}
