import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Longer than any client keeps a connection idle: a server that closes first gives callers random resets. */
const KEEP_ALIVE_MS = 75_000;

/** The largest request body that is read. The real services stop at a few megabytes. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Answers one request. It rejects when the caller or the server has gone; then nothing more is sent. */
export type Handler = (request: IncomingMessage, body: Buffer, response: ServerResponse) => Promise<void>;

export interface RunningServer {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  /** Closes every socket at once, also those of calls that hang. */
  close(): Promise<void>;
}

/**
 * Listens on the loopback interface only: the control API has no authentication.
 * @param port 0 takes a free one
 * @throws when the port is taken, with its number
 */
export async function listen(port: number, handler: Handler): Promise<RunningServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    readBody(request)
      .then((body) => handler(request, body, response))
      .catch((error: unknown) => {
        if (!isDisconnect(error, request)) process.emitWarning(error instanceof Error ? error : String(error));
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

/** Whether a call ended only because its caller or this server has gone. */
function isDisconnect(error: unknown, request: IncomingMessage): boolean {
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
  if (error.code === 'EACCES') return new Error(`This user may not open port ${port}.`, { cause: error });
  return error;
}
