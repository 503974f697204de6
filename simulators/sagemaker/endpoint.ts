import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { wireHandler, type ReceivedCall, type ReceivedRecord } from '../core/calls.ts';
import type { FaultTarget } from '../core/faults.ts';
import { Refusal } from '../core/refusal.ts';
import { headersOf, jsonOrNull } from '../core/requests.ts';
import type { Handler } from '../core/server.ts';
import type { Call } from './account.ts';
import { OPERATIONS } from './operations.ts';
import { claimedRegion, verifySignature, type Credential } from './signature.ts';
import { parseBody, repliesTo } from './wire.ts';
import type { World } from './world.ts';

const TARGET_PREFIX = 'SageMaker.';

/** Operations that change nothing, so that the state need not be written after them. */
const READS = /^(Describe|List)/;

/** Serves the wire protocol on `/`, and the control API beside it. */
export function sagemakerHandler(world: World, credential: Credential, closing: AbortSignal): Handler {
  return wireHandler(world, closing, (request, body) => receive(world, credential, request, body));
}

function receive(
  world: World,
  credential: Credential,
  request: IncomingMessage,
  body: Buffer,
): ReceivedCall<Call, unknown> {
  const headers = headersOf(request);
  const operation = (headers.get('x-amz-target') ?? '').replace(TARGET_PREFIX, '');
  const requestId = randomUUID();
  const record: ReceivedRecord = {
    receivedAtMs: world.clock.nowMs(),
    operation,
    region: claimedRegion(headers) ?? null,
    authOk: false,
    body: jsonOrNull(body),
    requestId,
    invocationId: headers.get('amz-sdk-invocation-id') ?? null,
    attempt: Number(/attempt=(\d+)/.exec(headers.get('amz-sdk-request') ?? '')?.[1] ?? Number.NaN) || null,
  };
  return {
    record,
    replies: repliesTo(requestId),
    accept: () => {
      checkRoute(request, headers);
      const signed = { method: request.method ?? '', url: request.url ?? '/', headers, body };
      // Signatures are checked against the real time: callers sign with their own clock.
      const region = verifySignature(signed, credential, Date.now());
      record.authOk = true;
      const call = { operation, region, body: parseBody(body), requestId };
      return { call, target: () => targetOf(world, call), changes: !READS.test(operation) };
    },
  };
}

function checkRoute(request: IncomingMessage, headers: ReadonlyMap<string, string>): void {
  const target = headers.get('x-amz-target') ?? '';
  const known = target.startsWith(TARGET_PREFIX) && OPERATIONS.has(target.slice(TARGET_PREFIX.length));
  if (request.method === 'POST' && request.url === '/' && known) return;
  throw new Refusal('UnknownOperationException', `The requested operation is not recognized by the service: ${target}`);
}

/** The cluster that a call is about, by name also where the call says its ARN. */
function targetOf(world: World, { operation, region, body }: Call): FaultTarget {
  const named = body['ClusterName'] ?? body['ResourceArn'];
  if (typeof named !== 'string') return { operation, region, clusterName: undefined };
  const { account } = world.context;
  const byArn = named.startsWith('arn:') ? account.withArn(region, named, world.clock.nowMs()) : undefined;
  return { operation, region, clusterName: byArn?.name ?? named };
}
