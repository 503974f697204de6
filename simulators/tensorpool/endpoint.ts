import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse, serve, type Arrival } from '../core/calls.ts';
import { withControl } from '../core/control-routes.ts';
import type { Carried } from '../core/delivery.ts';
import type { FaultSubject } from '../core/faults.ts';
import { looseBody } from '../core/requests.ts';
import type { Handler } from '../core/server.ts';
import { REGION } from './cluster.ts';
import type { Input } from './context.ts';
import { frameworkError, Refusal } from './errors.ts';
import { routeOf, type Route } from './routes.ts';
import { errorReply, parseJson, replyOfError, successReply, throttleReply } from './wire.ts';
import type { World } from './world.ts';

/** Serves the wire protocol, and the control API beside it. */
export function tensorpoolHandler(world: World, closing: AbortSignal): Handler {
  return withControl(world, (request, body, response) => serveCall(world, closing, request, body, response));
}

async function serveCall(
  world: World,
  closing: AbortSignal,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const arrival: Arrival = {
    receivedAtMs: world.clock.nowMs(),
    operation: `${request.method ?? ''} ${url.pathname}`,
    region: REGION,
    body: looseBody(body),
    requestId: randomUUID(),
    // The service knows no such headers, and no client of it sends any.
    invocationId: null,
    attempt: null,
  };
  let authOk = false;
  let route: Route;
  let input: Input;
  try {
    const found = findRoute(request.method ?? '', url.pathname);
    route = found.route;
    arrival.operation = route.operation;
    authOk = isAuthorized(request, world.setting.apiKey);
    if (!authOk && route.open !== true) throw new Refusal(401, 'Unauthorized', 'Invalid or missing API key');
    input = { id: found.id, query: Object.fromEntries(url.searchParams), body: parseJson(body) };
  } catch (error) {
    await refuse(world, { arrival, authOk, response, closing }, replyOfError(error));
    return;
  }
  await serve(
    world,
    { arrival, authOk, response, closing },
    {
      subject: () => subjectOf(world, route.operation, input),
      carried: carriedCall(world, route, input, arrival.requestId),
      changes: route.changes === true,
    },
  );
}

function carriedCall(world: World, route: Route, input: Input, requestId: string): Carried {
  return {
    effect: () => {
      try {
        world.settle();
        return successReply(route.act(world.setting, { nowMs: world.clock.nowMs(), requestId }, input));
      } catch (error) {
        return replyOfError(error);
      }
    },
    errorReply,
    throttleReply: (_status, retryAfterSeconds) => throttleReply(retryAfterSeconds),
    defer: (afterMs) => {
      world.defer({ operation: route.operation, input, requestId }, afterMs);
    },
  };
}

/** @throws Refusal in the framework's words, where there is no such call */
function findRoute(method: string, path: string): { route: Route; id: string } {
  const found = routeOf(method, path);
  if (found === undefined) throw frameworkError(404, 'NoRoute', 'Not Found');
  if (found === 'wrong-method') throw frameworkError(405, 'WrongMethod', 'Method Not Allowed');
  return found;
}

function isAuthorized(request: IncomingMessage, apiKey: string): boolean {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(apiKey));
}

/** The cluster a call speaks of by its name, its id or an instance's id, so that fault rules can match its name. */
function subjectOf(world: World, operation: string, { id, body }: Input): FaultSubject {
  const { account } = world.setting;
  const named = (body as { tp_cluster_name?: unknown } | undefined)?.tp_cluster_name;
  const clusterName =
    id === ''
      ? typeof named === 'string'
        ? named
        : undefined
      : (account.withId(id) ?? account.withInstance(id))?.name;
  return { operation, region: REGION, clusterName };
}
