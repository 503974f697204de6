import { connect, createServer } from 'node:net';

/** The address every local server listens on: none of them is for the network. */
export const LOOPBACK = '127.0.0.1';

/** Ports tried from the preferred one upward. */
const PORTS_TRIED = 100;
const CONNECT_PROBE_MS = 500;

/**
 * The preferred port of 127.0.0.1, or the next free one above it; 0 asks the system for any. The port is free when this
 * returns and nobody holds it for you, so take it at once.
 *
 * @param taken ports promised to others that do not listen yet.
 */
export async function freePort(preferred: number, taken: readonly number[] = []): Promise<number> {
  if (preferred === 0) {
    for (;;) {
      const port = await bind(0);
      if (port !== undefined && !taken.includes(port)) return port;
    }
  }
  const last = Math.min(preferred + PORTS_TRIED - 1, 65_535);
  for (let port = preferred; port <= last; port += 1) {
    if (taken.includes(port)) continue;
    // Outside Linux one may bind 127.0.0.1 beside a server that listens on all addresses; a connection finds that one.
    if ((await bind(port)) !== undefined && !(await isListening(port))) return port;
  }
  throw new Error(`no free port on ${LOOPBACK} from ${preferred} to ${last}`);
}

/** What people are told when they did not get the port they know; `undefined` when they did. */
export function busyPortNote(preferred: number, port: number): string | undefined {
  return preferred === 0 || port === preferred ? undefined : `port ${preferred} is busy, took ${port}`;
}

function bind(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : undefined);
      });
    });
  });
}

/** Whether somebody accepts connections on this port of 127.0.0.1. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK, timeout: CONNECT_PROBE_MS });
    const answer = (yes: boolean) => () => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}
