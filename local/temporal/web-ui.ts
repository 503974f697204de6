import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import { hasLostPort } from '../processes/child-failed.ts';
import { startChild, untilReady, type Child } from '../processes/child.ts';
import type { LocalLog } from '../processes/log.ts';
import { freePort, LOOPBACK } from '../processes/ports.ts';

/** It listens within 0.1 s (policy). */
const READY_TIMEOUT_MS = 30_000;
/** It ends at once, even while it answers (policy). */
const STOP_TIMEOUT_MS = 5_000;
const PROBE_TIMEOUT_MS = 2_000;
/** Starts on another port when another program took ours between the check and the start (policy). */
const PORT_ATTEMPTS = 3;
/** A Web UI that ends this often is broken (policy). */
const RESTARTS = 3;

export interface WebUiOptions {
  /** A program from `findTemporalUi`. */
  program: string;
  /** Holds its configuration, log and pid file. Created if missing. */
  dataDir: string;
  /** `host:port` of the Temporal it shows. */
  address: string;
  /** The namespace that it shows first. It must exist. */
  namespace: string;
  /** Preferred port. The next free one if it is busy; any if 0. */
  port: number;
  log: LocalLog;
}

export interface WebUi {
  url: string;
  port: number;
  stop(): Promise<void>;
}

/**
 * Starts the Web UI on 127.0.0.1 and waits until it shows our Temporal. If it ends by itself, starts it again on the same port, at
 * most three times. After that the stack goes on without it, and the log says so.
 *
 * @throws {ChildFailedError} when it ends early or is not ready within 30 s, with its output
 */
export async function startWebUi(options: WebUiOptions): Promise<WebUi> {
  const namespaceId = await idOfNamespace(options);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(options.port);
    try {
      const child = await launch(options, port, namespaceId);
      const url = urlOf(port);
      options.log.info('web ui started', { url, pid: child.pid });
      return { url, port, stop: restartOnExit(child, () => launch(options, port, namespaceId), options.log) };
    } catch (error) {
      if (!hasLostPort(error) || attempt >= PORT_ATTEMPTS) throw error;
    }
  }
}

/** Starts the Web UI again when it ends. @returns a function that stops it for good */
function restartOnExit(first: Child, again: () => Promise<Child>, log: LocalLog): () => Promise<void> {
  let child = first;
  let stopping = false;
  const isStopping = () => stopping;
  const kept = (async () => {
    for (let restart = 0; ; restart += 1) {
      const reason = await child.exited;
      if (isStopping()) return;
      if (restart >= RESTARTS) throw new Error(`${reason}; it was started again ${RESTARTS} times`);
      log.warn('the web ui ended, starting it again', { reason });
      child = await again();
      // A stop that came meanwhile has stopped only the previous child.
      if (isStopping()) await child.stop();
    }
  })().catch((error: unknown) => {
    log.warn('the web ui is gone; the stack goes on without it', { error: String(error) });
  });
  return async () => {
    stopping = true;
    await child.stop();
    await kept;
  };
}

async function launch(options: WebUiOptions, port: number, namespaceId: string): Promise<Child> {
  const root = path.resolve(options.dataDir);
  await mkdir(path.join(root, 'config'), { recursive: true });
  await writeFile(path.join(root, 'config', 'development.yaml'), stringify(configuration(options, port)));
  const child = await startChild({
    name: 'web-ui',
    command: options.program,
    args: ['--root', root, '--config', 'config', '--env', 'development', 'start'],
    runDir: root,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: STOP_TIMEOUT_MS,
    log: options.log,
  });
  await untilReady(child, 'the web ui', READY_TIMEOUT_MS, async () =>
    // Two stacks that start at once may choose the same port: only our Web UI shows our namespace.
    (await namespaceShownAt(port, options.namespace)) === namespaceId ? true : undefined,
  );
  return child;
}

function configuration({ address, namespace }: WebUiOptions, port: number): object {
  return {
    temporalGrpcAddress: address,
    host: LOOPBACK,
    port,
    enableUi: true,
    defaultNamespace: namespace,
    // The Temporal CLI sets the rest like this. Logging each request would fill the log.
    hideLogs: true,
    // Without TLS some browsers drop a secure cookie, and then no button works.
    cors: { cookieInsecure: true },
    // Otherwise it fetches news from the vendor's site.
    disableNewsFetch: true,
  };
}

async function idOfNamespace({ address, namespace }: WebUiOptions): Promise<string> {
  const connection = await Connection.connect({ address, connectTimeout: PROBE_TIMEOUT_MS });
  try {
    const { namespaceInfo } = await connection.withDeadline(Date.now() + PROBE_TIMEOUT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return namespaceInfo?.id ?? '';
  } finally {
    await connection.close();
  }
}

async function namespaceShownAt(port: number, namespace: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${urlOf(port)}/api/v1/namespaces/${encodeURIComponent(namespace)}`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    return ((await response.json()) as { namespaceInfo?: { id?: string } }).namespaceInfo?.id;
  } catch {
    return undefined;
  }
}

function urlOf(port: number): string {
  return `http://${LOOPBACK}:${port}`;
}
