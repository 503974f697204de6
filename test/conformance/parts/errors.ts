import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../activities/providers/errors.ts';
import type { Provider } from '../../../activities/providers/provider.ts';
import { MAX_RETRY_AFTER_MS } from '../../../contracts/limits.ts';
import type { ProviderCase } from '../kit/case.ts';
import { CALL_TIMEOUT_MS } from '../kit/faults.ts';
import { CANCELLED, close, created, pauseAfter } from '../kit/life.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';

/** Bound of a call that stops itself, with room for a busy machine, ms. */
const BOUND_MS = CALL_TIMEOUT_MS + 1_500;

/** Servers that no vendor means to be. None of them tells what became of a call. */
const BROKEN: readonly { readonly what: string; readonly answer: RequestListener }[] = [
  {
    what: 'begins a reply and never ends it',
    answer: (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 });
      response.write('{');
    },
  },
  {
    what: 'trickles a reply without end',
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
  { what: 'answers a list', answer: (_request, response) => response.writeHead(200).end('[]') },
  { what: 'hangs up', answer: (request) => request.socket.end() },
  { what: 'does not speak HTTP', answer: (request) => request.socket.end('220 ready\r\n') },
];

/** Every error has its kind, in bounded time, after one call. */
export function errorsHaveTheirKind(providerCase: ProviderCase, books: () => Books): void {
  const { region } = providerCase;

  it.concurrent.each(providerCase.errors)('$call: $fault is $kind', async ({ call, fault, ...expected }) => {
    const world = await createWorld(books(), providerCase);
    const act = await callOf(world, call);
    await world.control.addFaults({ operation: call, fault });
    const error = await failing(() => act(world.provider));
    const { kind, definite, retryAfterMs } = error;
    expect({ kind, definite, retryAfterMs }).toEqual({ retryAfterMs: undefined, ...expected });
    // A client that does not count its attempts makes one.
    expect((await world.control.journal(call)).map(({ attempt }) => attempt ?? 1)).toEqual([1]);
  });

  it.concurrent('a hint to come back in a day does not keep a cluster from its end so long', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    await created(world, creation);
    await close(world, creation, CANCELLED);
    const fault = { kind: 'throttle', status: 429, retryAfterSeconds: 86_400 } as const;
    await world.control.addFaults({ operation: providerCase.listCall, fault });
    expect(await pauseAfter(() => world.steps.makeAbsent(creation))).toBe(MAX_RETRY_AFTER_MS);
  });

  describe('a server', () => {
    it.concurrent.each(BROKEN)('that $what leaves a create ambiguous', async ({ answer }) => {
      const world = await createWorld(books(), providerCase);
      const act = await callOf(world, providerCase.createCall);
      const server = createServer((request, response) => {
        request.resume().on('end', () => {
          answer(request, response);
        });
      });
      try {
        const broken = world.adapterAt(`http://127.0.0.1:${await portOf(server)}`);
        expect(await failing(() => act(broken))).toMatchObject({ kind: 'ambiguous', definite: false });
        expect(await failing(() => broken.list(region, 'x'))).toMatchObject({ kind: 'ambiguous' });
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });

    it.concurrent.each(['127.0.0.1', 'localhost'])('that is not there, at %s, was sent nothing', async (host) => {
      const world = await createWorld(books(), providerCase);
      const act = await callOf(world, providerCase.createCall);
      const gone = world.adapterAt(`http://${host}:${await closedPort()}`);
      expect(await failing(() => act(gone))).toMatchObject({ kind: 'unavailable', definite: true });
    });
  });
}

/** An act of the adapter that makes this call once, first of all. */
async function callOf(world: World, call: string): Promise<(provider: Provider) => Promise<unknown>> {
  const { region, createCall, deleteCall, unknownId } = world.case;
  const { key } = await world.open();
  const stored = (await world.providerLedger.read(key))?.call ?? null;
  return (provider) => {
    if (call === createCall) return provider.create(region, stored, null);
    return call === deleteCall ? provider.delete(region, unknownId) : provider.list(region, key);
  };
}

/** The error of an act, which must be the adapter's own and come in bounded time. */
async function failing(act: () => Promise<unknown>): Promise<ProviderError> {
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
