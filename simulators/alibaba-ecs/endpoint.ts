import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { refuse, serve, type Arrival } from '../core/calls.ts';
import { withControl } from '../core/control-routes.ts';
import type { Carried } from '../core/delivery.ts';
import type { FaultSubject } from '../core/faults.ts';
import { headersOf } from '../core/requests.ts';
import type { Handler } from '../core/server.ts';
import { EcsError } from './errors.ts';
import { Nonces } from './nonces.ts';
import { OPERATIONS } from './operations.ts';
import { parametersOf, type Parameters } from './parameters.ts';
import { verifySignature, type Credential } from './signature.ts';
import { clusterNameOf } from './subject.ts';
import { errorReply, replyOfError, successReply, throttleReply } from './wire.ts';
import type { World } from './world.ts';

const VERSION = '2014-05-26';

/** Operations that change nothing; the state need not be written after them. */
const READS = /^(Describe|List)/;

/** One request on its way through the wire protocol. */
interface Call {
  readonly requestId: string;
  readonly operation: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly parameters: Parameters;
}

/** Serves the wire protocol on `/`, and the control API beside it. */
export function alibabaEcsHandler(world: World, credential: Credential, closing: AbortSignal): Handler {
  const nonces = new Nonces();
  return withControl(world, async (request, body, response) => {
    const call = callOf(request, body);
    const arrival = arrivalOf(call, world.clock.nowMs());
    const subject = subjectOf(world, call);
    const origin = { requestId: call.requestId, region: subject.region };
    try {
      checkRoute(request, call);
      const { method = '', url = '/' } = request;
      // Against real time: callers sign with their own clock, not with the simulated one.
      const nonce = verifySignature({ method, url, headers: call.headers, body }, credential, Date.now());
      nonces.use(nonce, Date.now());
    } catch (error) {
      await refuse(world, { arrival, authOk: false, response, closing }, replyOfError(origin, error));
      return;
    }
    await serve(
      world,
      { arrival, authOk: true, response, closing },
      {
        subject: () => subject,
        carried: carriedCall(world, call, origin),
        changes: !READS.test(call.operation),
      },
    );
  });
}

function arrivalOf({ operation, parameters, requestId, headers }: Call, receivedAtMs: number): Arrival {
  return {
    receivedAtMs,
    operation,
    region: parameters['RegionId'] ?? null,
    body: parameters,
    requestId,
    // Attempts of one logical call have nothing in common on this wire.
    invocationId: null,
    attempt: 1 + Number(headers.get('x-acs-retry-attempts') ?? 0),
  };
}

function carriedCall(
  world: World,
  { operation, parameters, requestId }: Call,
  origin: { requestId: string; region: string },
): Carried {
  return {
    effect: () => {
      try {
        world.settle();
        const moment = { nowMs: world.clock.nowMs(), requestId };
        return successReply(requestId, OPERATIONS.get(operation)?.(world.setting, moment, parameters) ?? {});
      } catch (error) {
        return replyOfError(origin, error);
      }
    },
    errorReply: (code, message, status, extra) => errorReply(origin, code, message, status, extra),
    throttleReply: (status, retryAfterSeconds) => throttleReply(origin, status, retryAfterSeconds),
    defer: (afterMs) => {
      world.defer({ operation, parameters, requestId }, afterMs);
    },
  };
}

function callOf(request: IncomingMessage, body: Buffer): Call {
  const headers = headersOf(request);
  const parameters = parametersOf(request.url ?? '/', headers.get('content-type'), body);
  return {
    // The service's request ids are UUIDs in capitals.
    requestId: randomUUID().toUpperCase(),
    operation: headers.get('x-acs-action') ?? parameters['Action'] ?? '',
    headers,
    parameters,
  };
}

function checkRoute(request: IncomingMessage, { operation, headers, parameters }: Call): void {
  if ((headers.get('x-acs-version') ?? parameters['Version']) !== VERSION) {
    throw new EcsError('InvalidVersion', 'Specified parameter Version is not valid.');
  }
  const atRoot = (request.url ?? '/').split('?', 1)[0] === '/';
  if (request.method === 'POST' && atRoot && OPERATIONS.has(operation)) return;
  throw new EcsError('InvalidAction.NotFound', 'Specified api is not found, please check your url and method.', 404);
}

function subjectOf(world: World, { operation, parameters }: Call): FaultSubject {
  const region = parameters['RegionId'] ?? world.setting.defaultRegion;
  return { operation, region, clusterName: clusterNameOf(world.setting.account, region, parameters) };
}
