import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { tensorpoolProvider } from '../../../../activities/providers/tensorpool/adapter.ts';
import { tensorpool, TensorPoolPlacement } from '../../../../contracts/providers/tensorpool.ts';
import { KEY_PLACEHOLDER, type Json } from '../../../../contracts/providers/definition.ts';
import { startSimulator, type SimulatorOptions } from '../../../../simulators/index.ts';

/* What the simulator may be told to do, and what the adapter must not do, beyond what every provider has in common. */

const REGION = 'global';
const LONG_MS = 3_600_000;
const API_KEY = 'tp-0123456789abcdef';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

function adapterAt(endpoint: string, apiKey = API_KEY) {
  const provider = tensorpoolProvider({ endpoint, apiKey, callTimeoutMs: 2_000 });
  stops.push(() => {
    provider.close();
  });
  return provider;
}

async function start(behaviour: SimulatorOptions<'tensorpool'>['behaviour'] = {}) {
  const simulator = await startSimulator('tensorpool', { apiKey: API_KEY, behaviour, seed: 'test' });
  stops.push(() => simulator.close());
  return { ...simulator, provider: adapterAt(simulator.url) };
}

/** A server with our own replies. */
async function startServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function callFor(key: string): Json {
  const placement = TensorPoolPlacement.parse({
    ...{ provider: 'tensorpool', hourlyPriceMicros: 40_000_000 },
    spec: { instanceType: '8xH100', numNodes: 2, publicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 test'] },
  });
  return JSON.parse(
    JSON.stringify(tensorpool.resolveCall(placement, 'request-1')).replaceAll(KEY_PLACEHOLDER, key),
  ) as Json;
}

describe('the call', () => {
  it('says that keys are not saved in the account and that the cluster can be deleted', async () => {
    const { provider, control } = await start();
    await provider.create(REGION, callFor('mu-one'), null);
    const [call] = await control.journal('cluster.create');
    expect(call?.body).toMatchObject({ tp_cluster_name: 'mu-one', save_keys: false, deletion_protection: false });
  });

  it('needs neither a request id nor instance ids in the reply', async () => {
    const { provider } = await start({ replyHasRequestId: false, replyHasInstanceIds: false });
    const { clusterId } = await provider.create(REGION, callFor('mu-one'), null);
    expect(clusterId).toMatch(/^c-/);
  });
});

describe.each(['full', 'sparse'] as const)('from %s replies', (details) => {
  it('finds, observes, uses and deletes a cluster', async () => {
    const { provider, control } = await start({ details });
    const call = callFor('mu-one');
    expect(await provider.find(REGION, 'mu-one', {})).toEqual({ kind: 'none' });
    const { clusterId } = await provider.create(REGION, call, null);
    expect(await provider.observe(REGION, clusterId, call)).toMatchObject({ state: 'creating', nodesInService: 0 });
    expect(await provider.find(REGION, 'mu-one', {})).toMatchObject({ kind: 'ours', cluster: { clusterId } });
    await control.advance(LONG_MS);
    expect(await provider.observe(REGION, clusterId, call)).toMatchObject({ state: 'ready', nodesInService: 2 });
    const access = await provider.access(REGION, clusterId);
    expect(access).toMatchObject({ clusterId, clusterName: 'mu-one', nodeCount: 2 });
    expect(access.login).toEqual(access.nodes.map(({ nodeId }) => `tp ssh ${nodeId}`));
    await provider.delete(REGION, clusterId);
    expect(await provider.list(REGION, 'mu-')).toMatchObject([{ clusterId, state: 'deleting' }]);
    await control.advance(LONG_MS);
    expect(await provider.observe(REGION, clusterId, call)).toMatchObject({ state: 'gone' });
    expect(await provider.list(REGION, 'mu-')).toEqual([]);
  });

  it.each(['nothing', 'cluster'] as const)('reports the reason of a failed claim that left %s', async (left) => {
    const { provider, control } = await start({ details, failureLeaves: left });
    const call = callFor('mu-one');
    await control.setCapacity({ nodes: 0 });
    const { clusterId } = await provider.create(REGION, call, null);
    await control.advance(LONG_MS);
    expect(await provider.observe(REGION, clusterId, call)).toMatchObject({ state: 'failed', outOfCapacity: true });
  });

  it('is not ready with fewer nodes than wanted', async () => {
    const { provider, control } = await start({ details });
    const call = callFor('mu-one');
    await control.addFaults({ operation: 'cluster.create', fault: { kind: 'partial-capacity', nodes: 1 } });
    const { clusterId } = await provider.create(REGION, call, null);
    await control.advance(LONG_MS);
    const seen = await provider.observe(REGION, clusterId, call);
    expect(seen.state).not.toBe('ready');
    expect(seen.nodesInService).toBe(1);
  });
});

describe('two clusters with one name', () => {
  it('are both listed, and the oldest is found', async () => {
    const { provider, control } = await start({ names: 'not-unique' });
    const first = await provider.create(REGION, callFor('mu-one'), null);
    await control.advance(1_000);
    const second = await provider.create(REGION, callFor('mu-one'), null);
    expect(await provider.find(REGION, 'mu-one', {})).toMatchObject({ cluster: { clusterId: first.clusterId } });
    expect(await provider.list(REGION, 'mu-one')).toHaveLength(2);
    // A cluster that is being deleted is not adopted.
    await provider.delete(REGION, first.clusterId);
    expect(await provider.find(REGION, 'mu-one', {})).toMatchObject({ cluster: { clusterId: second.clusterId } });
  });
});

describe('the price', () => {
  it('is read after the create, and from a listing', async () => {
    const { provider, control } = await start({ fallbackFactor: 1.5 });
    await control.setCapacity({ nodes: 0 });
    expect(await provider.create(REGION, callFor('mu-one'), null)).toMatchObject({ hourlyMicros: 60_000_000 });
    expect(await provider.find(REGION, 'mu-one', {})).toMatchObject({ cluster: { hourlyMicros: 60_000_000 } });
  });

  it('is left out when the service does not report it', async () => {
    const { provider } = await start({ details: 'sparse' });
    expect(await provider.create(REGION, callFor('mu-one'), null)).not.toHaveProperty('hourlyMicros');
  });
});

describe('a listing', () => {
  const answering = (body: unknown) => startServer((_request, response) => response.end(JSON.stringify(body)));

  it.each([
    ['no clusters at all', { message: 'c-1 mu-one RUNNING' }],
    ['clusters that are not a list', { clusters: {} }],
    ['a cluster without an id', { clusters: [{ name: 'x' }] }],
    ['a cluster without any name field', { clusters: [{ id: 'c-1', title: 'mu-one' }] }],
    ['a next page', { clusters: [], next_page: 2 }],
    ['fewer clusters than it counts', { clusters: [], total: 1 }],
    ['a message that names a missing cluster', { clusters: [], message: 'c-1 mu-one RUNNING' }],
  ])('with %s proves nothing absent', async (_what, body) => {
    const provider = adapterAt(await answering(body));
    await expect(provider.find(REGION, 'mu-one', {})).rejects.toMatchObject({ kind: 'ambiguous' });
    await expect(provider.list(REGION, 'mu-one')).rejects.toMatchObject({ kind: 'ambiguous' });
  });

  it.each([
    ['created_at without a zone', { created_at: '2026-11-21T02:00:00.123456' }, Date.UTC(2026, 10, 21, 2, 0, 0, 123)],
    ['created_at with a zone', { created_at: '2026-11-21T02:00:00+02:00' }, Date.UTC(2026, 10, 21)],
    ['created_at that is not a time', { created_at: 'yesterday' }, null],
    ['no created_at', {}, null],
  ])('with %s', async (_what, own, createdAtMs) => {
    const provider = adapterAt(
      await answering({ clusters: [{ cluster_id: 'c-1', tp_cluster_name: 'mu-one', ...own }] }),
    );
    expect(await provider.list(REGION, 'mu-one')).toMatchObject([{ clusterId: 'c-1', name: 'mu-one', createdAtMs }]);
  });

  it('counts clusters without a name as another owner’s', async () => {
    const provider = adapterAt(await answering({ clusters: [{ cluster_id: 'c-1', tp_cluster_name: null }] }));
    expect(await provider.find(REGION, 'mu-one', {})).toEqual({ kind: 'none' });
  });
});

describe('the API key', () => {
  it('is not sent to a redirect', async () => {
    const seen: string[] = [];
    const elsewhere = await startServer((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.end('{}');
    });
    const url = await startServer((_request, response) => response.writeHead(307, { location: elsewhere }).end('{}'));
    await expect(adapterAt(url).create(REGION, callFor('mu-one'), null)).rejects.toMatchObject({
      kind: 'unknown',
      definite: false,
    });
    expect(seen).toEqual([]);
  });

  it('is in no error, even when the service repeats it', async () => {
    const url = await startServer((request, response) => {
      response.writeHead(400).end(JSON.stringify({ message: `what is ${request.headers.authorization ?? ''}?` }));
    });
    const failure = adapterAt(url).create(REGION, callFor('mu-one'), null);
    await expect(failure).rejects.toThrow('what is Bearer [key]?');
  });

  it('is shown only by its last characters, and without it calls are unauthorized and not sent', async () => {
    const { url, control, provider } = await start();
    expect(await provider.identity()).toBe('API key ...cdef');
    const keyless = adapterAt(url, '');
    await expect(keyless.identity()).rejects.toMatchObject({ kind: 'unauthorized' });
    await expect(keyless.create(REGION, callFor('mu-one'), null)).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(await control.journal()).toEqual([]);
  });
});
