import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse, serve, type Arrival } from '../core/calls.ts';
import { withControl } from '../core/control-routes.ts';
import type { Carried } from '../core/delivery.ts';
import type { FaultSubject } from '../core/faults.ts';
import { headersOf, looseBody } from '../core/requests.ts';
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
  return withControl(world, (request, body, response) =>
    serveCall(world, credential, closing, request, body, response),
  );
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
    await refuse(world, { arrival, authOk, response, closing }, replyOfError(requestId, error));
    return;
  }
  await serve(
    world,
    { arrival, authOk, response, closing },
    {
      subject: () => subjectOf(world, operation, region, input),
      carried: carriedCall(world, operation, region, input, requestId),
      changes: !READS.test(operation),
    },
  );
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
