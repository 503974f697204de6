import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Far above any client's idle gap: a server that closes idle sockets first gives callers random resets. */
const KEEP_ALIVE_MS = 75_000;

/** Largest request body taken; the real services stop at a few megabytes. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Answers one request. A rejection means that the caller or the server has gone; nothing more is sent. */
export type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>;

export interface RunningServer {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  /** Ends every socket at once, also those of calls that hang. */
  close(): Promise<void>;
}

/**
 * Listens on the loopback interface only: the control API has no authentication.
 * @param port 0 takes a free one
 * @throws when the port is taken, naming it
 */
export async function listen(port: number, handler: Handler): Promise<RunningServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    readBody(request)
      .then((body) => handler(request, body, response))
      .catch((error: unknown) => {
        if (!isHangUp(error, request)) process.emitWarning(error instanceof Error ? error : String(error));
        response.socket?.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(listenError(port, error));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${bound}`, close: () => closeServer(server) };
}

/** Whether a call only ended because its caller or this server went away. */
function isHangUp(error: unknown, request: IncomingMessage): boolean {
  return !request.complete || (error instanceof Error && error.name === 'AbortError');
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The request body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

function listenError(port: number, error: NodeJS.ErrnoException): Error {
  if (error.code === 'EADDRINUSE') return new Error(`Port ${port} is in use by another process.`, { cause: error });
  if (error.code === 'EACCES') return new Error(`Port ${port} may not be opened by this user.`, { cause: error });
  return error;
}
