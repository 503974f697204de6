import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Simulators } from '../../simulators/index.ts';

/** Proxies in front of the simulators for one installation. The simulators' journals do not tell which one called. */
export interface RecordingProxy {
  readonly simulators: Simulators;
  /** What the delete calls through the proxy name, in order. */
  deletes(provider: string): readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy for each provider. It passes every call on unchanged. */
export async function startRecordingProxy(
  simulators: Simulators,
  providers: readonly string[],
): Promise<RecordingProxy> {
  const deletes = new Map<string, string[]>();
  const servers = new Map<string, Server>();
  for (const provider of providers) {
    const deleted: string[] = [];
    deletes.set(provider, deleted);
    const server = createServer((incoming, outgoing) => {
      passOn(simulators.access(provider).endpoint, deleted, incoming, outgoing).catch(() => incoming.socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.set(provider, server);
  }
  const endpointOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    simulators: {
      ...simulators,
      access: (provider) => {
        const server = servers.get(provider);
        const access = simulators.access(provider);
        return server === undefined ? access : { ...access, endpoint: endpointOf(server) };
      },
    },
    deletes: (provider) => deletes.get(provider) ?? [],
    close: async () => {
      for (const server of servers.values()) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function passOn(endpoint: string, deleted: string[], incoming: IncomingMessage, outgoing: ServerResponse) {
  const { method = '', url = '/', headers } = incoming;
  const body = await buffer(incoming);
  const named = deletedBy(method, url, headers['x-amz-target'], body);
  if (named !== undefined) deleted.push(named);
  // With unchanged headers: the caller's signature covers them, and the host among them.
  const passed = send(new URL(url, endpoint), { method, headers });
  passed.on('error', () => outgoing.destroy());
  outgoing.on('close', () => passed.destroy());
  passed.on('response', (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(outgoing);
  });
  passed.end(body);
}

/** What a call deletes: a cluster's name or ARN at SageMaker, its id at TensorPool. Undefined for other calls. */
function deletedBy(method: string, url: string, target: unknown, body: Buffer): string | undefined {
  if (method === 'DELETE') return decodeURIComponent(url.split('/').at(-1) ?? '');
  if (typeof target !== 'string' || !target.includes('.Delete')) return undefined;
  return (JSON.parse(body.toString()) as { ClusterName: string }).ClusterName;
}
