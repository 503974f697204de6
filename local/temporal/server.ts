import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import type { LocalLog } from '../processes/log.ts';
import { isListening, freePort, LOOPBACK } from '../processes/ports.ts';
import { hasLostPort } from '../processes/child-failed.ts';
import { startChild, untilReady, type Child } from '../processes/child.ts';
import { stopLeftover } from '../processes/pid-file.ts';
import { markComplete, moveAsideIncomplete } from './database.ts';
import type { SearchAttributeTypes } from '../../platform/search-attributes.ts';

/** A start takes 1 to 3 s; with a large database on a slow disk longer (policy). */
const READY_TIMEOUT_MS = 60_000;
/** The server first stops its own workers, usually in under a second (policy). */
const SERVER_STOP = { name: 'temporal', stopSignal: 'SIGTERM', stopTimeoutMs: 10_000 } as const;
const PROBE_TIMEOUT_MS = 2_000;
/** Starts on another port when another program took ours between the check and the start (policy). */
const PORT_ATTEMPTS = 3;
/** A server that does not get its port ends within milliseconds. If it lives this long, the answers are its own (policy). */
const UNANNOUNCED_GRACE_MS = 10_000;

export interface TemporalServerOptions {
  /** A program from `findTemporalCli`. */
  cliPath: string;
  /** Holds the log, the pid file and the database. Created if missing. */
  dataDir: string;
  /** Name of the SQLite file in the data folder. If absent, all data is in memory and lost at the end. */
  dbFilename?: string | undefined;
  /** Preferred gRPC port. The next free one if it is busy; any if 0. */
  port: number;
  /** Preferred port of the Web UI, in the same way. */
  uiPort: number;
  /** Without the Web UI. */
  headless?: boolean;
  /** Created if missing; `default` by default. */
  namespace?: string;
  /** Custom search attributes that the namespace must have. */
  searchAttributes?: SearchAttributeTypes;
  /** Serves the server's own metrics on this port of 127.0.0.1. */
  metricsPort?: number | undefined;
  log: LocalLog;
}

export interface TemporalServer {
  /** `host:port` for clients and workers. */
  address: string;
  port: number;
  uiUrl: string | undefined;
  /** Resolves with the reason when the server has ended. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a Temporal dev server and waits until its namespace answers. Never uses a server that runs already: if a port is busy,
 * takes the next one.
 *
 * @throws {ChildFailedError} when it ends early or is not ready within 60 s, with its output
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  await mkdir(options.dataDir, { recursive: true });
  const database = databaseOf(options);
  if (database !== undefined) {
    await stopLeftover(path.join(options.dataDir, 'temporal.pid'), { ...SERVER_STOP, log: options.log });
    await moveAsideIncomplete(database, options.log);
  }
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(options.port);
    const uiPort = options.headless ? undefined : await freePort(options.uiPort, [port]);
    if (options.port !== 0 && port !== options.port) {
      options.log.info('port is busy, taking the next free one', { name: 'temporal', wanted: options.port, port });
    }
    try {
      const child = await launch(options, port, uiPort);
      if (database !== undefined) await markComplete(database);
      const uiUrl = uiPort === undefined ? undefined : `http://${LOOPBACK}:${uiPort}`;
      const address = `${LOOPBACK}:${port}`;
      options.log.info('temporal server started', { address, uiUrl, pid: child.pid });
      return { address, port, uiUrl, exited: child.exited, stop: () => child.stop() };
    } catch (error) {
      if (!lostPort(error, options.metricsPort) || attempt >= PORT_ATTEMPTS) throw error;
    }
  }
}

async function launch(options: TemporalServerOptions, port: number, uiPort: number | undefined): Promise<Child> {
  const child = await startChild({
    ...SERVER_STOP,
    command: options.cliPath,
    args: argumentsFor(options, port, uiPort),
    runDir: options.dataDir,
    log: options.log,
  });
  // Without the client's own retries: one that waits while the connection closes would end this process.
  const connection = Connection.lazy({ address: `${LOOPBACK}:${port}`, interceptors: [] });
  let answeringSince: number | undefined;
  try {
    await untilReady(child, 'temporal', READY_TIMEOUT_MS, async () => {
      // A gRPC channel that was refused waits a second before it tries again, so wait for the port first.
      if (!(await isListening(port)) || !(await answers(connection, options.namespace ?? 'default'))) return undefined;
      answeringSince ??= performance.now();
      // The server prints its address once it listens. Should another version print it differently, the time decides.
      const announced = new RegExp(`Server:\\s+\\S+:${port}\\b`).test(await child.output());
      return announced || performance.now() - answeringSince > UNANNOUNCED_GRACE_MS ? true : undefined;
    });
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    await connection.close();
  }
  return child;
}

/**
 * Whether another program took a port after it was chosen: one of ours, or one that the server chose for its own services. False
 * for the port that the caller fixed, which cannot move.
 */
function lostPort(error: unknown, fixed: number | undefined): boolean {
  if (!hasLostPort(error)) return false;
  return fixed === undefined || !error.output.includes(`:${fixed}: `);
}

function argumentsFor(options: TemporalServerOptions, port: number, uiPort: number | undefined): string[] {
  const args = ['server', 'start-dev', '--ip', LOOPBACK, '--port', String(port)];
  args.push(...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]));
  args.push('--namespace', options.namespace ?? 'default', '--log-level', 'warn', '--color', 'never');
  const database = databaseOf(options);
  if (database !== undefined) {
    args.push('--db-filename', database);
    // Without the write-ahead log every state change waits for the disk twice; with it, changes are as fast as in memory.
    args.push('--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL');
  }
  if (options.metricsPort !== undefined) args.push('--metrics-port', String(options.metricsPort));
  for (const [name, type] of Object.entries(options.searchAttributes ?? {})) {
    args.push('--search-attribute', `${name}=${type}`);
  }
  return args;
}

function databaseOf({ dataDir, dbFilename }: TemporalServerOptions): string | undefined {
  return dbFilename === undefined ? undefined : path.join(path.resolve(dataDir), dbFilename);
}

async function answers(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + PROBE_TIMEOUT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return true;
  } catch {
    return false;
  }
}
