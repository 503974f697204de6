import { connect, createServer } from 'node:net';

/** The address that every local server listens on: no other machine may connect. */
export const LOOPBACK = '127.0.0.1';

/** How many ports are tried, from the preferred one upward (policy). */
const PORTS_TRIED = 100;
const CONNECT_PROBE_MS = 500;

/**
 * A free port of 127.0.0.1: the preferred one or the next free one above it; any, if that is 0. Use it at once: nothing
 * reserves it.
 *
 * @param taken ports that were given to others who do not listen yet
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
    // Except on Linux, binding 127.0.0.1 succeeds beside a server on all addresses. A connection finds that server.
    if ((await bind(port)) !== undefined && !(await isListening(port))) return port;
  }
  throw new Error(`no free port on ${LOOPBACK} from ${preferred} to ${last}`);
}

/** Tells the user that another port was taken; undefined when it is the preferred one. */
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

/** Whether a server accepts connections on this port of 127.0.0.1. */
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
