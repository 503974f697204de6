import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../activities/providers/errors.ts';
import type { Provider } from '../../../activities/providers/provider.ts';
import { MAX_RETRY_AFTER_MS } from '../../../contracts/limits.ts';
import type { ProviderCase } from '../kit/case.ts';
import { CALL_TIMEOUT_MS } from '../kit/faults.ts';
import { beginClosing, createdCluster, DEADLINE_PASSED, retryDelayOf } from '../kit/creation-run.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';

/** Bound for a call that ends by itself, with room for a busy machine, ms. */
const BOUND_MS = CALL_TIMEOUT_MS + 1_500;

/** Broken servers. None of them says whether the call had an effect. */
const BROKEN: readonly { readonly what: string; readonly answer: RequestListener }[] = [
  {
    what: 'starts a reply and never finishes it',
    answer: (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('{');
    },
  },
  {
    what: 'sends an endless reply',
    answer: (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => {
        clearInterval(timer);
      });
    },
  },
  { what: 'answers 200 and nothing', answer: (_request, response) => response.writeHead(200).end() },
  { what: 'answers 500 and nothing', answer: (_request, response) => response.writeHead(500).end() },
  { what: 'answers with a list', answer: (_request, response) => response.writeHead(200).end('[]') },
  { what: 'closes the connection', answer: (request) => request.socket.end() },
  { what: 'does not speak HTTP', answer: (request) => request.socket.end('220 ready\r\n') },
];

/** Every vendor error gets its kind, in bounded time and after one call. */
export function vendorErrors(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region } = providerCase;

  it.concurrent.each(providerCase.errors)('$call: $fault is $kind', async ({ call, fault, ...expected }) => {
    const world = await createWorld(fixture(), providerCase);
    const act = await callWith(world, call);
    await world.control.addFaults({ operation: call, fault });
    const error = await errorOf(() => act(world.provider));
    const { kind, definite, retryAfterMs } = error;
    expect({ kind, definite, retryAfterMs }).toEqual({ retryAfterMs: undefined, ...expected });
    // A client that reports no attempt number made one attempt.
    expect((await world.control.journal(call)).map(({ attempt }) => attempt ?? 1)).toEqual([1]);
  });

  it.concurrent('follows a retry-after of a day only up to its bound', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    await createdCluster(world, creation);
    await beginClosing(world, creation, DEADLINE_PASSED);
    const fault = { kind: 'throttle', status: 429, retryAfterSeconds: 86_400 } as const;
    await world.control.addFaults({ operation: providerCase.listCall, fault });
    expect(await retryDelayOf(() => world.steps.makeAbsent(creation))).toBe(MAX_RETRY_AFTER_MS);
  });

  describe('a server', () => {
    it.concurrent.each(BROKEN)('that $what leaves a create ambiguous', async ({ answer }) => {
      const world = await createWorld(fixture(), providerCase);
      const act = await callWith(world, providerCase.createCall);
      const server = createServer((request, response) => {
        request.resume().on('end', () => {
          answer(request, response);
        });
      });
      try {
        const broken = world.adapterAt(`http://127.0.0.1:${await portOf(server)}`);
        expect(await errorOf(() => act(broken))).toMatchObject({ kind: 'ambiguous', definite: false });
        expect(await errorOf(() => broken.list(region, 'x'))).toMatchObject({ kind: 'ambiguous' });
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });

    it.concurrent.each(['127.0.0.1', 'localhost'])('that does not listen, at %s, was sent nothing', async (host) => {
      const world = await createWorld(fixture(), providerCase);
      const act = await callWith(world, providerCase.createCall);
      const gone = world.adapterAt(`http://${host}:${await closedPort()}`);
      expect(await errorOf(() => act(gone))).toMatchObject({ kind: 'unavailable', definite: true });
    });
  });
}

/** An action of the adapter whose first call is this one. */
async function callWith(world: World, call: string): Promise<(provider: Provider) => Promise<unknown>> {
  const { region, createCall, deleteCall, unknownId } = world.case;
  const { key } = await world.open();
  const stored = (await world.providerLedger.read(key))?.call ?? null;
  return (provider) => {
    if (call === createCall) return provider.create(region, stored, null);
    return call === deleteCall ? provider.delete(region, unknownId) : provider.list(region, key);
  };
}

/** The error of an action. It must be the adapter's own, and come in bounded time. */
async function errorOf(act: () => Promise<unknown>): Promise<ProviderError> {
  const startedAt = performance.now();
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(ProviderError);
    expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
    return error as ProviderError;
  }
  throw new Error('it did not fail');
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
