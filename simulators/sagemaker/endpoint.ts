import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CONTROL_PREFIX, serveControl } from '../core/control-routes.ts';
import { answer, carryOut, type Carried, type Delivery } from '../core/delivery.ts';
import type { FaultSubject, TransportFault } from '../core/faults.ts';
import type { CallRecord } from '../core/journal.ts';
import type { Handler } from '../core/server.ts';
import { AwsError } from './errors.ts';
import { OPERATIONS } from './operations.ts';
import { claimedRegion, verifySignature, type Credential } from './signature.ts';
import { errorReply, parseBody, replyOfError, successReply } from './wire.ts';
import type { World } from './world.ts';

const TARGET_PREFIX = 'SageMaker.';

/** Operations that change nothing; the state need not be written after them. */
const READS = /^(Describe|List)/;

/** Serves the wire protocol on `/`, and the control API beside it. */
export function sagemakerHandler(world: World, credential: Credential, closing: AbortSignal): Handler {
  return async (request, body, response) => {
    if (request.url?.startsWith(CONTROL_PREFIX) === true) await serveControl(world, request, body, response);
    else await serveCall(world, credential, closing, request, body, response);
  };
}

async function serveCall(
  world: World,
  credential: Credential,
  closing: AbortSignal,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const headers = headersOf(request);
  const operation = (headers.get('x-amz-target') ?? '').replace(TARGET_PREFIX, '');
  const requestId = randomUUID();
  const arrival: Arrival = {
    receivedAtMs: world.clock.nowMs(),
    operation,
    region: claimedRegion(headers) ?? null,
    body: looseBody(body),
    requestId,
    invocationId: headers.get('amz-sdk-invocation-id') ?? null,
    attempt: Number(/attempt=(\d+)/.exec(headers.get('amz-sdk-request') ?? '')?.[1] ?? Number.NaN) || null,
  };
  let authOk = false;
  let input: Record<string, unknown>;
  let region: string;
  try {
    checkRoute(request, headers);
    const signed = { method: request.method ?? '', url: request.url ?? '/', headers, body };
    // Signatures are checked against real time: callers sign with their own clock, not with the simulated one.
    region = verifySignature(signed, credential, Date.now());
    authOk = true;
    input = parseBody(body);
  } catch (error) {
    const reply = replyOfError(requestId, error);
    const refusal: Delivery = { way: 'send', reply, delayMs: 0, effects: [] };
    world.journal.append(record(arrival, authOk, undefined, refusal));
    await answer(response, refusal, closing);
    return;
  }

  const settled = world.settle();
  const fault = world.faults.takeTransport(subjectOf(world, operation, region, input));
  const carried = carriedCall(world, operation, region, input, requestId);
  const delivery = await carryOut(carried, fault, closing);
  if (settled || fault !== undefined || !READS.test(operation)) await world.save();
  world.journal.append(record(arrival, authOk, fault, delivery));
  await answer(response, delivery, closing);
}

function carriedCall(
  world: World,
  operation: string,
  region: string,
  input: Record<string, unknown>,
  requestId: string,
): Carried {
  return {
    effect: () => {
      try {
        world.settle();
        const moment = { region, nowMs: world.clock.nowMs(), requestId };
        return successReply(requestId, OPERATIONS.get(operation)?.(world.setting, moment, input));
      } catch (error) {
        return replyOfError(requestId, error);
      }
    },
    errorReply: (type, message, status, extra) => errorReply(requestId, type, message, status, extra),
    defer: (afterMs) => {
      world.defer({ operation, region, body: input, requestId }, afterMs);
    },
  };
}

function checkRoute(request: IncomingMessage, headers: ReadonlyMap<string, string>): void {
  const target = headers.get('x-amz-target') ?? '';
  const known = target.startsWith(TARGET_PREFIX) && OPERATIONS.has(target.slice(TARGET_PREFIX.length));
  if (request.method === 'POST' && request.url === '/' && known) return;
  throw new AwsError(
    'UnknownOperationException',
    `The requested operation is not recognized by the service: ${target}`,
  );
}

/** The cluster a call speaks of, also when it does so by ARN, so that fault rules can match its name. */
function subjectOf(world: World, operation: string, region: string, input: Record<string, unknown>): FaultSubject {
  const named = input['ClusterName'] ?? input['ResourceArn'];
  if (typeof named !== 'string') return { operation, region, clusterName: undefined };
  const { account } = world.setting;
  const byArn = named.startsWith('arn:') ? account.withArn(region, named, world.clock.nowMs()) : undefined;
  return { operation, region, clusterName: byArn?.name ?? named };
}

type Arrival = Omit<CallRecord, 'authOk' | 'fault' | 'effects' | 'replyStatus' | 'errorType'>;

function record(arrival: Arrival, authOk: boolean, fault: TransportFault | undefined, delivery: Delivery): CallRecord {
  return {
    ...arrival,
    authOk,
    fault: fault?.kind ?? null,
    effects: [...delivery.effects],
    replyStatus: delivery.reply?.status ?? null,
    errorType: delivery.reply?.errorType ?? null,
  };
}

function looseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
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
