import type pg from 'pg';
import { createLedger, type Ledger } from '../../activities/ledger/ledger.ts';
import { createProviderLedger, type ProviderLedger } from '../../activities/ledger/provider-ledger.ts';
import { createMonitorLedger, type MonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import type { FoundCluster, Provider } from '../../activities/providers/provider.ts';
import type { Timing } from '../../activities/providers/timing.ts';
import type { Actor } from './scheduler.ts';
import { portOf } from './vendor-port.ts';
import type { World } from './world.ts';

const SECOND = 1_000;
/** How long a worker that freezes stays frozen: shorter and longer than a claim, a window, and both. */
const FREEZES = [5 * SECOND, 40 * SECOND, 61 * SECOND, 200 * SECOND, 430 * SECOND, 700 * SECOND, 1_500 * SECOND];

/** One execution of an activity: a worker's, which may freeze or die at any call. */
export interface Execution extends Actor {
  /** When the right to send that it holds ends, at the latest. */
  claimEndsAtMs: number | undefined;
}

/** Lets others come between; sometimes for long. */
export async function version(world: World, actor: Actor, label: string, freezing = 0.04): Promise<void> {
  const frozen = world.faults && world.random.chance(freezing) ? world.random.pick(FREEZES) : 0;
  if (frozen > 0) world.note(`${actor.name} freezes before ${label} for ${frozen / SECOND} s`);
  await world.scheduler.park(actor, label, frozen);
}

/** A statement in the real ledger: others may come before it; its request or its reply may be lost. */
async function statement<T>(
  world: World,
  actor: Actor,
  label: string,
  writes: boolean,
  run: () => Promise<T>,
): Promise<T> {
  await version(world, actor, label);
  const fate = world.faults
    ? world.random.weighted([
        [96, 'done'],
        [2, 'request lost'],
        [2, 'reply lost'],
      ] as const)
    : 'done';
  const lost = (): Error => Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' });
  if (fate === 'request lost') {
    world.note(`${actor.name} ${label}: never arrives`);
    throw lost();
  }
  if (writes) world.touched();
  const answer = await world.scheduler.io(run).catch((error: unknown) => {
    // The ledger refuses nothing by an error: an error is a bug of ours, or of its functions.
    world.violate(`${label}: ${String(error)}`);
    throw error;
  });
  world.note(`${actor.name} ${label} -> ${brief(answer)}${fate === 'done' ? '' : ', the reply is lost'}`);
  const { outcome } = (answer ?? {}) as { readonly outcome?: string };
  if (outcome !== undefined) world.met.add(`${label} ${outcome}`);
  if (fate === 'reply lost') throw lost();
  return answer;
}

function brief(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return String(answer);
  const { outcome, state, creation, claims, cancelled } = answer as Record<string, unknown>;
  const its = (creation ?? {}) as { readonly number?: number; readonly state?: string };
  return [
    outcome,
    state,
    its.number && `#${its.number} ${its.state}`,
    claims !== undefined && `claims ${Number(claims)}`,
    cancelled === true && 'cancelled',
  ]
    .filter((each) => each !== undefined && each !== false)
    .join(' ');
}

/** Every method of a port, each call with others before it. */
function wrapped<P extends object>(
  port: P,
  around: (name: string, args: readonly unknown[], call: () => Promise<unknown>) => Promise<unknown>,
): P {
  return Object.fromEntries(
    Object.entries(port).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'function'
        ? (...args: unknown[]): Promise<unknown> =>
            around(name, args, () => (value as (...all: unknown[]) => Promise<unknown>)(...args))
        : value,
    ]),
  ) as P;
}

const READS = new Set([
  ...['read', 'readRequest', 'receipt', 'budgetOf', 'audit'],
  ...['rows', 'known', 'creation', 'regions', 'installationId'],
]);

export const monitoredPort = (world: World, actor: Actor, db: pg.Pool, provider: string): MonitorLedger =>
  wrapped(createMonitorLedger(db, provider), (name, _args, call) => statement(world, actor, name, false, call));

export const ledgerPort = (world: World, actor: Actor, db: pg.Pool): Ledger =>
  wrapped(createLedger(db), (name, _args, call) => statement(world, actor, name, !READS.has(name), call));

export const sendsPort = (world: World, execution: Execution, db: pg.Pool): ProviderLedger =>
  wrapped(createProviderLedger(db), async (name, _args, call) => {
    const answer = await statement(world, execution, name, !READS.has(name), call);
    if (name === 'claimSend') {
      execution.claimEndsAtMs = world.scheduler.nowMs + world.claimMs;
      // The reply is on its way: the adapter's own clock must notice when it took too long.
      await version(world, execution, 'the reply to claimSend', 0.1);
    }
    return answer;
  });

export const providerPort = (world: World, execution: Execution, name: string): Provider =>
  wrapped(portOf(world.vendor, name), async (call, _args, run) => {
    // Between the adapter's look at its clock and the wire nothing may come; but a whole machine may stop there.
    if (call === 'create') await beforeTheWire(world, execution);
    else await version(world, execution, call);
    try {
      const reply = await run();
      world.note(`${execution.name} ${call} -> ${shown(reply)}`);
      return reply;
    } catch (error) {
      world.note(`${execution.name} ${call} -> ${String(error)}`);
      throw error;
    }
  });

function shown(reply: unknown): string {
  if (reply === undefined) return 'done';
  if (!Array.isArray(reply)) return JSON.stringify(reply).slice(0, 160);
  const found = reply as readonly FoundCluster[];
  return `[${found.map(({ clusterId, name, state }) => `${clusterId} ${name.slice(-6)} ${state}`).join(', ')}]`;
}

async function beforeTheWire(world: World, execution: Execution): Promise<void> {
  const endsAtMs = execution.claimEndsAtMs ?? -Infinity;
  if (world.scheduler.nowMs >= endsAtMs) world.violate(`${execution.name} sends after its right to send has ended`);
  if (world.machinesStop && world.faults && world.random.chance(0.15)) {
    await world.scheduler.park(execution, 'the wire', world.random.pick(FREEZES));
    world.vendor.overdueSend = world.scheduler.nowMs >= endsAtMs;
    if (!world.vendor.overdueSend) return;
    world.met.add('an overdue send');
    world.note(`${execution.name} thaws on the wire, overdue`);
  }
}

export const paceOf = (world: World, actor: Actor): Timing => ({
  speed: 1,
  pause: (ms) => world.scheduler.park(actor, 'the next look', ms),
  monotonicMs: () => world.scheduler.nowMs,
});
