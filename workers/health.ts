import { createServer } from 'node:http';
import type { RunningWorkers } from './run.ts';

/** Serves GET /healthz (200 while every worker runs, otherwise 503, with the state of each) and GET /metrics. */
export async function serveHealth(
  workers: RunningWorkers,
  port: number,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/metrics') {
      workers.metrics.metrics().then(
        (text) => response.writeHead(200, { 'content-type': workers.metrics.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
      return;
    }
    if (request.method !== 'GET' || request.url !== '/healthz') {
      response.writeHead(404).end();
      return;
    }
    const states = workers.states();
    const ok = Object.values(states).every((state) => state === 'RUNNING');
    response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify({ ok, states }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}
