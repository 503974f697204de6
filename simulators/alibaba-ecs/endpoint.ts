import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONTROL_PREFIX, serveControl } from '../core/control-routes.ts';
import { answer, carryOut, type Carried, type Delivery } from '../core/delivery.ts';
import type { FaultSubject, TransportFault } from '../core/faults.ts';
import type { CallRecord } from '../core/journal.ts';
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
  return async (request, body, response) => {
    if (request.url?.startsWith(CONTROL_PREFIX) === true) {
      await serveControl(world, request, body, response);
      return;
    }
    const call = callOf(request, body);
    const receivedAtMs = world.clock.nowMs();
    const admit = (): void => {
      checkRoute(request, call);
      const { method = '', url = '/' } = request;
      // Against real time: callers sign with their own clock, not with the simulated one.
      const nonce = verifySignature({ method, url, headers: call.headers, body }, credential, Date.now());
      nonces.use(nonce, Date.now());
    };
    await serveCall(world, call, { receivedAtMs, admit }, response, closing);
  };
}

interface Arrival {
  readonly receivedAtMs: number;
  /** @throws EcsError when the call is none of ours, or not signed as it must be */
  readonly admit: () => void;
}

async function serveCall(
  world: World,
  call: Call,
  { receivedAtMs, admit }: Arrival,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const subject = subjectOf(world, call);
  const origin = { requestId: call.requestId, region: subject.region };
  const record = (authOk: boolean, fault: TransportFault | undefined, delivery: Delivery): CallRecord => ({
    receivedAtMs,
    operation: call.operation,
    region: call.parameters['RegionId'] ?? null,
    authOk,
    body: call.parameters,
    requestId: call.requestId,
    // Attempts of one logical call have nothing in common on this wire.
    invocationId: null,
    attempt: 1 + Number(call.headers.get('x-acs-retry-attempts') ?? 0),
    fault: fault?.kind ?? null,
    effects: [...delivery.effects],
    replyStatus: delivery.reply?.status ?? null,
    errorType: delivery.reply?.errorType ?? null,
  });
  try {
    admit();
  } catch (error) {
    const refusal: Delivery = { way: 'send', reply: replyOfError(origin, error), delayMs: 0, effects: [] };
    world.journal.append(record(false, undefined, refusal));
    await answer(response, refusal, closing);
    return;
  }

  const settled = world.settle();
  const fault = world.faults.takeTransport(subject);
  const delivery = await carryOut(carriedCall(world, call, origin), fault, closing);
  if (settled || fault !== undefined || !READS.test(call.operation)) await world.save();
  world.journal.append(record(true, fault, delivery));
  await answer(response, delivery, closing);
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

/** Header names in lower case; values of a repeated header joined by a comma, as signatures want them. */
function headersOf(request: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = (request.rawHeaders[at] ?? '').toLowerCase();
    const value = request.rawHeaders[at + 1] ?? '';
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return headers;
}
