import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import { hasLostPort } from '../processes/child-failed.ts';
import { startChild, untilReady, type Child } from '../processes/child.ts';
import type { LocalLog } from '../processes/log.ts';
import { freePort, LOOPBACK } from '../processes/ports.ts';

/** It listens within 0.1 s. */
const READY_TIMEOUT_MS = 30_000;
/** It ends at once, in the middle of answers. */
const STOP_TIMEOUT_MS = 5_000;
const PROBE_TIMEOUT_MS = 2_000;
/** Starts on another port when somebody took ours between the check and the start. */
const PORT_ATTEMPTS = 3;
/** One that ends so often is broken. */
const RESTARTS = 3;

export interface WebUiOptions {
  /** A program from `findTemporalUi`. */
  program: string;
  /** Holds its configuration, log and pid file; made when missing. */
  dataDir: string;
  /** `host:port` of the Temporal it shows. */
  address: string;
  /** The one it opens with; there already. */
  namespace: string;
  /** Preferred port; the next free one is taken when it is busy, any when 0. */
  port: number;
  log: LocalLog;
}

export interface WebUi {
  url: string;
  port: number;
  stop(): Promise<void>;
}

/**
 * Starts the Web UI on 127.0.0.1 and waits until it shows our Temporal. A page to look at is no reason for the stack to
 * break: should it end by itself, it is started again on the same port, at most three times; after that the log says so.
 *
 * @throws {ChildFailedError} when it ends early or is not ready within 30 s, with its last output.
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

/** Starts it again when it ends. @returns what ends that, and it. */
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
      // Whoever stops meanwhile has seen only the one before.
      if (isStopping()) await child.stop();
    }
  })().catch((error: unknown) => {
    log.warn('the web ui is gone; everything else goes on', { error: String(error) });
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
    // Two stacks that start at once may both have found this port free: only ours knows our namespace.
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
    // The rest as the Temporal CLI sets it for its own. A line for every request would fill the log;
    hideLogs: true,
    // and without TLS not every browser keeps a cookie that asks for it, so no button would work.
    cors: { cookieInsecure: true },
    // Asks the vendor's site for news otherwise.
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
