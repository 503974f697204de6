import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { wireHandler, type ReceivedCall } from '../core/calls.ts';
import type { FaultTarget } from '../core/faults.ts';
import { Refusal } from '../core/refusal.ts';
import { headersOf } from '../core/requests.ts';
import type { Handler } from '../core/server.ts';
import type { Call } from './account.ts';
import { clusterNameOf } from './cluster-name.ts';
import type { Output } from './context.ts';
import { Nonces } from './nonces.ts';
import { OPERATIONS } from './operations.ts';
import { parametersOf } from './parameters.ts';
import { verifySignature, type Credential } from './signature.ts';
import { repliesTo } from './wire.ts';
import type { World } from './world.ts';

const VERSION = '2014-05-26';

/** Operations that change nothing, so that the state need not be written after them. */
const READS = /^(Describe|List)/;

/** Serves the wire protocol on `/`, and the control API beside it. */
export function alibabaEcsHandler(world: World, credential: Credential, closing: AbortSignal): Handler {
  const nonces = new Nonces();
  return wireHandler(world, closing, (request, body) => receive(world, { credential, nonces }, request, body));
}

function receive(
  world: World,
  { credential, nonces }: { credential: Credential; nonces: Nonces },
  request: IncomingMessage,
  body: Buffer,
): ReceivedCall<Call, Output> {
  const headers = headersOf(request);
  const parameters = parametersOf(request.url ?? '/', headers.get('content-type'), body);
  const operation = headers.get('x-acs-action') ?? parameters['Action'] ?? '';
  // The service's request ids are UUIDs in capital letters.
  const requestId = randomUUID().toUpperCase();
  const region = parameters['RegionId'] ?? world.context.defaultRegion;
  const record = {
    receivedAtMs: world.clock.nowMs(),
    operation,
    region: parameters['RegionId'] ?? null,
    authOk: false,
    body: parameters,
    requestId,
    // Nothing in a request says which attempts belong to one logical call.
    invocationId: null,
    attempt: 1 + Number(headers.get('x-acs-retry-attempts') ?? 0),
  };
  return {
    record,
    replies: repliesTo({ requestId, region }),
    accept: () => {
      checkVersion(headers.get('x-acs-version') ?? parameters['Version']);
      checkRoute(request, operation);
      const signed = { method: request.method ?? '', url: request.url ?? '/', headers, body };
      // Signatures are checked against the real time: callers sign with their own clock.
      nonces.use(verifySignature(signed, credential, Date.now()), Date.now());
      record.authOk = true;
      const call = { operation, parameters, requestId };
      const target = (): FaultTarget => ({
        operation,
        region,
        clusterName: clusterNameOf(world.context.account, region, parameters),
      });
      return { call, target, changes: !READS.test(operation) };
    },
  };
}

function checkVersion(version: string | undefined): void {
  if (version !== VERSION) throw new Refusal('InvalidVersion', 'Specified parameter Version is not valid.');
}

function checkRoute(request: IncomingMessage, operation: string): void {
  const atRoot = (request.url ?? '/').split('?', 1)[0] === '/';
  if (request.method === 'POST' && atRoot && OPERATIONS.has(operation)) return;
  throw new Refusal('InvalidAction.NotFound', 'Specified api is not found, please check your url and method.', 404);
}
