import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import {
  Advance,
  Clear,
  AddFaults,
  SeedCluster,
  SetLimit,
  SetRunningNodes,
  SetStatus,
  VanishCluster,
  type SimulatedCluster,
  type StatePart,
} from './control-messages.ts';
import { sendReply } from './delivery.ts';
import type { FaultRules } from './faults.ts';
import type { Journal } from './journal.ts';
import type { Handler } from './server.ts';

const CONTROL_PREFIX = '/_control/';

/** The part of a simulated provider that the control API works on. */
export interface ControlledWorld {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: FaultRules;
  /** Every cluster that was ever created, oldest first. */
  clusters(liveOnly: boolean): SimulatedCluster[];
  /** @throws ControlError when the provider could not have such a cluster */
  seedCluster(cluster: SeedCluster): SimulatedCluster;
  /** @throws ControlError when there is no such cluster */
  vanishCluster(cluster: VanishCluster): void;
  /** @throws ControlError when there is no such cluster */
  setStatus(to: SetStatus): void;
  /** @throws ControlError when there is no such cluster */
  setRunningNodes(to: SetRunningNodes): void;
  setCapacity(limit: SetLimit): void;
  setQuota(limit: SetLimit): void;
  /** Forgets parts of the state. The journal and the fault rules are not among them: their own `clear` does that. */
  clear(parts: ReadonlySet<StatePart>): void;
  /** Resolves when all changes are on disk. */
  save(): Promise<void>;
}

/** A control call that makes no sense, such as one for a cluster that does not exist. */
export class ControlError extends Error {}

type Route = (world: ControlledWorld, body: unknown, query: URLSearchParams) => unknown;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET health': () => ({ ok: true }),
  'GET journal': (world, _body, query) => {
    const operation = query.get('operation');
    return { calls: world.journal.calls.filter((call) => operation === null || call.operation === operation) };
  },
  'GET clusters': (world, _body, query) => ({ clusters: world.clusters(query.get('live') === 'true') }),
  'GET faults': (world) => ({ rules: world.faults.rules }),
  'POST faults': (world, body) => ({ ids: world.faults.add(AddFaults.parse(body).rules) }),
  'DELETE faults': (world) => {
    world.faults.clear();
  },
  'POST clear': (world, body) => {
    const parts = new Set(Clear.parse(body).parts);
    if (parts.has('journal')) world.journal.clear();
    if (parts.has('faults')) world.faults.clear();
    world.clear(parts);
  },
  'GET clock': (world) => ({ nowMs: world.clock.nowMs() }),
  'POST clock/advance': (world, body) => {
    world.clock.advance(Advance.parse(body).ms);
    return { nowMs: world.clock.nowMs() };
  },
  'POST clusters': (world, body) => ({ cluster: world.seedCluster(SeedCluster.parse(body)) }),
  'POST clusters/vanish': (world, body) => {
    world.vanishCluster(VanishCluster.parse(body));
  },
  'POST clusters/status': (world, body) => {
    world.setStatus(SetStatus.parse(body));
  },
  'POST clusters/running-nodes': (world, body) => {
    world.setRunningNodes(SetRunningNodes.parse(body));
  },
  'PUT capacity': (world, body) => {
    world.setCapacity(SetLimit.parse(body));
  },
  'PUT quotas': (world, body) => {
    world.setQuota(SetLimit.parse(body));
  },
};

/** Serves the control API under its prefix, and a wire protocol everywhere else. */
export function withControl(world: ControlledWorld, wire: Handler): Handler {
  return async (request, body, response) => {
    if (request.url?.startsWith(CONTROL_PREFIX) === true) await serveControl(world, request, body, response);
    else await wire(request, body, response);
  };
}

async function serveControl(
  world: ControlledWorld,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const route = ROUTES[`${request.method ?? ''} ${url.pathname.slice(CONTROL_PREFIX.length)}`];
  if (route === undefined) {
    sendJson(response, 404, { error: `No such control call: ${request.method ?? ''} ${url.pathname}` });
    return;
  }
  try {
    const parsed: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
    const result = route(world, parsed, url.searchParams) ?? {};
    if (request.method !== 'GET') await world.save();
    sendJson(response, 200, result);
  } catch (error) {
    sendJson(response, isCallersMistake(error) ? 400 : 500, { error: describe(error) });
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const headers = { 'content-type': 'application/json' };
  sendReply(response, { status, headers, body: JSON.stringify(value), errorType: null });
}

function isCallersMistake(error: unknown): boolean {
  return error instanceof z.ZodError || error instanceof SyntaxError || error instanceof ControlError;
}

function describe(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}
