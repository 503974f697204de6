import type pg from 'pg';
import { createLedger, type Ledger } from '../../activities/ledger/ledger.ts';
import { createProviderLedger, type ProviderLedger } from '../../activities/ledger/provider-ledger.ts';
import { createMonitorLedger, type MonitorLedger } from '../../activities/ledger/monitor-ledger.ts';
import type { FoundCluster, Provider } from '../../activities/providers/provider.ts';
import type { Timing } from '../../activities/providers/timing.ts';
import type { Actor } from './scheduler.ts';
import { vendorPort } from './vendor-port.ts';
import type { Surroundings } from './surroundings.ts';

const SECOND = 1_000;
/** How long a frozen worker stays frozen: shorter and longer than a claim, a late-cluster window, and both. */
const FREEZES = [5 * SECOND, 40 * SECOND, 61 * SECOND, 200 * SECOND, 430 * SECOND, 700 * SECOND, 1_500 * SECOND];

/** One execution of an activity. Its worker may freeze or die at any call. */
export interface Execution extends Actor {
  /** When its right to send ends at the latest; undefined where it has none. */
  claimEndsAtMs: number | undefined;
}

/** Lets other actors act first, sometimes for a long time. */
export async function takeTurn(world: Surroundings, actor: Actor, label: string, freezing = 0.04): Promise<void> {
  const frozen = world.faults && world.random.chance(freezing) ? world.random.pick(FREEZES) : 0;
  if (frozen > 0) world.note(`${actor.name} freezes before ${label} for ${frozen / SECOND} s`);
  await world.scheduler.park(actor, label, frozen);
}

/** A statement in the real ledger. Other actors may act before it, and its request or its reply may be lost. */
async function statement<T>(
  world: Surroundings,
  actor: Actor,
  label: string,
  writes: boolean,
  run: () => Promise<T>,
): Promise<T> {
  await takeTurn(world, actor, label);
  const fate = world.faults
    ? world.random.weighted([
        [96, 'done'],
        [2, 'request lost'],
        [2, 'reply lost'],
      ] as const)
    : 'done';
  const connectionLost = (): Error => Object.assign(new Error('Connection terminated'), { code: 'ECONNRESET' });
  if (fate === 'request lost') {
    world.note(`${actor.name} ${label}: is lost on its way`);
    throw connectionLost();
  }
  if (writes) world.noteLedgerChange();
  const answer = await world.scheduler.io(run).catch((error: unknown) => {
    // The ledger never refuses by an error, so an error is a bug.
    world.violate(`${label}: ${String(error)}`);
    throw error;
  });
  world.note(`${actor.name} ${label} -> ${brief(answer)}${fate === 'done' ? '' : ', the reply is lost'}`);
  const { outcome } = (answer ?? {}) as { readonly outcome?: string };
  if (outcome !== undefined) world.covered.add(`${label} ${outcome}`);
  if (fate === 'reply lost') throw connectionLost();
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

/** A port whose every call goes through `around`. */
function wrapPort<P extends object>(
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
  ...['read', 'readRequest', 'receipt', 'audit'],
  ...['rows', 'known', 'creation', 'regions', 'installationId'],
]);

export const monitorLedgerPort = (world: Surroundings, actor: Actor, db: pg.Pool, provider: string): MonitorLedger =>
  wrapPort(createMonitorLedger(db, provider), (name, _args, call) => statement(world, actor, name, false, call));

export const ledgerPort = (world: Surroundings, actor: Actor, db: pg.Pool): Ledger =>
  wrapPort(createLedger(db), (name, _args, call) => statement(world, actor, name, !READS.has(name), call));

export const providerLedgerPort = (world: Surroundings, execution: Execution, db: pg.Pool): ProviderLedger =>
  wrapPort(createProviderLedger(db), async (name, _args, call) => {
    const answer = await statement(world, execution, name, !READS.has(name), call);
    if (name === 'claimSend') {
      execution.claimEndsAtMs = world.scheduler.nowMs + world.claimMs;
      // A slow reply: the adapter must notice by its own clock that its right to send has ended.
      await takeTurn(world, execution, 'the reply to claimSend', 0.1);
    }
    return answer;
  });

export const providerPort = (world: Surroundings, execution: Execution, name: string): Provider =>
  wrapPort(vendorPort(world.vendor, name), async (call, _args, run) => {
    // No other actor acts between the adapter's look at its clock and the wire, but the whole machine may stop there.
    if (call === 'create') await beforeTheWire(world, execution);
    else await takeTurn(world, execution, call);
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

async function beforeTheWire(world: Surroundings, execution: Execution): Promise<void> {
  const endsAtMs = execution.claimEndsAtMs ?? -Infinity;
  if (world.scheduler.nowMs >= endsAtMs) world.violate(`${execution.name} sends after its right to send has ended`);
  if (world.machinesStop && world.faults && world.random.chance(0.15)) {
    await world.scheduler.park(execution, 'the wire', world.random.pick(FREEZES));
    world.vendor.overdueSend = world.scheduler.nowMs >= endsAtMs;
    if (!world.vendor.overdueSend) return;
    world.covered.add('an overdue send');
    world.note(`${execution.name} goes on at the wire, overdue`);
  }
}

export const timingOf = (world: Surroundings, actor: Actor): Timing => ({
  speed: 1,
  pause: (ms) => world.scheduler.park(actor, 'the next read', ms),
  monotonicMs: () => world.scheduler.nowMs,
});
