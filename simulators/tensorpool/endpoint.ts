import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { wireHandler, type ReceivedCall } from '../core/calls.ts';
import type { FaultTarget } from '../core/faults.ts';
import { Refusal } from '../core/refusal.ts';
import { jsonOrNull } from '../core/requests.ts';
import type { Handler } from '../core/server.ts';
import { safeEqual } from '../core/signatures.ts';
import type { Call } from './account.ts';
import { REGION } from './cluster.ts';
import type { Output } from './context.ts';
import { frameworkError } from './errors.ts';
import { routeOf, type Route } from './routes.ts';
import { parseJson, REPLIES } from './wire.ts';
import type { World } from './world.ts';

/** Serves the wire protocol, and the control API beside it. */
export function tensorpoolHandler(world: World, closing: AbortSignal): Handler {
  return wireHandler(world, closing, (request, body) => receive(world, request, body));
}

function receive(world: World, request: IncomingMessage, body: Buffer): ReceivedCall<Call, Output> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const requestId = randomUUID();
  const record = {
    receivedAtMs: world.clock.nowMs(),
    operation: `${request.method ?? ''} ${url.pathname}`,
    region: REGION,
    authOk: false,
    body: jsonOrNull(body),
    requestId,
    // No client of the service sends ids or numbers of its attempts.
    invocationId: null,
    attempt: null,
  };
  return {
    record,
    replies: REPLIES,
    accept: () => {
      const { route, id } = findRoute(request.method ?? '', url.pathname);
      const { operation, open = false, changes = false } = route;
      record.operation = operation;
      record.authOk = isAuthorized(request, world.context.apiKey);
      if (!record.authOk && !open) throw new Refusal('Unauthorized', 'Invalid or missing API key', 401);
      const input = { id, query: Object.fromEntries(url.searchParams), body: parseJson(body) };
      const call = { operation, input, requestId };
      return { call, target: () => targetOf(world, call), changes };
    },
  };
}

/** @throws Refusal as the framework words it, when there is no such call */
function findRoute(method: string, path: string): { route: Route; id: string } {
  const found = routeOf(method, path);
  if (found === undefined) throw frameworkError(404, 'NoRoute', 'Not Found');
  if (found === 'wrong-method') throw frameworkError(405, 'WrongMethod', 'Method Not Allowed');
  return found;
}

function isAuthorized(request: IncomingMessage, apiKey: string): boolean {
  const key = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return safeEqual(key, apiKey);
}

/** The cluster that a call is about, by name also where the call says the id of the cluster or of an instance. */
function targetOf(world: World, { operation, input: { id, body } }: Call): FaultTarget {
  return { operation, region: REGION, clusterName: id === '' ? requestedName(body) : nameById(world, id) };
}

function requestedName(body: unknown): string | undefined {
  const name = (body as { tp_cluster_name?: unknown } | undefined)?.tp_cluster_name;
  return typeof name === 'string' ? name : undefined;
}

function nameById({ context: { account } }: World, id: string): string | undefined {
  return (account.withId(id) ?? account.withInstance(id))?.name;
}
