import type { ServerResponse } from 'node:http';
import type { Controlled } from './control-routes.ts';
import { answer, carryOut, type Carried, type Delivery, type Reply } from './delivery.ts';
import type { FaultSubject, TransportFault } from './faults.ts';
import type { CallRecord } from './journal.ts';

/** What the journal says of a call from the start; the rest shows when its answer is settled. */
export type Arrival = Omit<CallRecord, 'authOk' | 'fault' | 'effects' | 'replyStatus' | 'errorType'>;

/** A world as far as calls on the wire have to do with it. */
export interface Served extends Controlled {
  /** Catches up with the clock. @returns whether anything was due */
  settle(): boolean;
}

/** A call on its way back to its caller. */
export interface Exchange {
  readonly arrival: Arrival;
  readonly authOk: boolean;
  readonly response: ServerResponse;
  /** Given when the simulator closes. */
  readonly closing: AbortSignal;
}

/** A call that was let in. */
export interface Admitted {
  /** Asked when everything due has been carried out. */
  subject(): FaultSubject;
  readonly carried: Carried;
  /** Whether it may change something, so that the state must be written after it. */
  readonly changes: boolean;
}

/** Answers a call that never got as far as an operation; no fault rule sees it. */
export async function refuse(world: Controlled, exchange: Exchange, reply: Reply): Promise<void> {
  await conclude(world, exchange, undefined, { way: 'send', reply, delayMs: 0, effects: [] });
}

/** Carries a call out under the fault that meets it. The caller hears of nothing that is not on disk. */
export async function serve(world: Served, exchange: Exchange, call: Admitted): Promise<void> {
  const settled = world.settle();
  const fault = world.faults.takeTransportFault(call.subject());
  const delivery = await carryOut(call.carried, fault, exchange.closing);
  if (settled || fault !== undefined || call.changes) await world.save();
  await conclude(world, exchange, fault, delivery);
}

async function conclude(
  world: Controlled,
  { arrival, authOk, response, closing }: Exchange,
  fault: TransportFault | undefined,
  delivery: Delivery,
): Promise<void> {
  world.journal.append({
    ...arrival,
    authOk,
    fault: fault?.kind ?? null,
    effects: [...delivery.effects],
    replyStatus: delivery.reply?.status ?? null,
    errorType: delivery.reply?.errorType ?? null,
  });
  await answer(response, delivery, closing);
}
