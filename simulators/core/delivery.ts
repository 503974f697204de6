import type { Socket } from 'node:net';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TransportFault } from './faults.ts';

/** An answer as it goes on the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The provider's error type, or null for success. */
  readonly errorType: string | null;
}

/** How a provider words the replies that a fault asks for. */
export interface FaultReplies {
  error(type: string, message: string, status: number): Reply;
  /** The refusal of a caller that calls too often. */
  throttle(status: number, retryAfterSeconds: number | undefined): Reply;
}

/** What a call does at the provider. */
export interface Effect {
  /** Carries the operation out now. A refusal is a reply; it does not throw. */
  now(): Reply;
  /** Carries the operation out `afterMs` later, on the simulated clock. */
  later(afterMs: number): void;
}

/** How a call is answered. */
export interface Delivery {
  /** `reset` cuts the connection; `hang` leaves the caller without an answer. */
  readonly action: 'send' | 'reset' | 'hang';
  readonly reply: Reply | null;
  /** Real milliseconds to wait before the action. */
  readonly delayMs: number;
  /** For `hang`: cut the connection after this time; undefined waits until the caller gives up. */
  readonly hangMs?: number | undefined;
  /** The result of each time that the operation was carried out: `ok` or an error type. */
  readonly effects: readonly string[];
}

/** Carries a call out under its fault, and says how to answer it. Waits only for a delay before the effect. */
export async function deliver(
  effect: Effect,
  replies: FaultReplies,
  fault: TransportFault | undefined,
  closing: AbortSignal,
): Promise<Delivery> {
  if (fault?.kind === 'delay' && fault.when === 'before') await sleep(fault.ms, undefined, { signal: closing });

  const effects: string[] = [];
  const act = (): Reply => {
    const reply = effect.now();
    effects.push(reply.errorType ?? 'ok');
    return reply;
  };
  const actIfAfter = (when: 'before' | 'after'): void => {
    if (when === 'after') act();
  };
  const send = (reply: Reply, delayMs = 0): Delivery => ({ action: 'send', reply, delayMs, effects });
  const withoutReply = (action: 'reset' | 'hang', hangMs?: number): Delivery => ({
    ...{ action, reply: null, delayMs: 0, hangMs, effects },
  });

  if (fault === undefined) return send(act());
  switch (fault.kind) {
    case 'error':
      actIfAfter(fault.when);
      return send(replies.error(fault.type, fault.message, fault.status));
    case 'throttle':
      return send(replies.throttle(fault.status, fault.retryAfterSeconds));
    case 'hang':
      actIfAfter(fault.when);
      return withoutReply('hang', fault.forMs);
    case 'reset':
      actIfAfter(fault.when);
      return withoutReply('reset');
    case 'truncate': {
      const whole = act();
      return send({ ...whole, body: whole.body.slice(0, Math.ceil(whole.body.length / 2)) });
    }
    case 'html':
      actIfAfter(fault.when);
      return send(htmlReply(fault.status));
    case 'empty':
      return send({ ...act(), status: 200, body: '{}', errorType: null });
    case 'late-cluster':
      effect.later(fault.afterMs);
      return withoutReply('reset');
    case 'delay':
      return send(act(), fault.when === 'after' ? fault.ms : 0);
    case 'duplicate': {
      const first = act();
      act();
      return send(first);
    }
  }
}

/** Puts a delivery on the wire. Resolves when nothing is left to do on this side. */
export async function answer(response: ServerResponse, delivery: Delivery, closing: AbortSignal): Promise<void> {
  const { socket } = response;
  const { action, reply, delayMs, hangMs } = delivery;
  if (delayMs > 0) await sleep(delayMs, undefined, { signal: closing });
  if (action === 'reset') resetSocket(socket);
  else if (action === 'hang' && hangMs !== undefined) {
    await sleep(hangMs, undefined, { signal: closing });
    resetSocket(socket);
  }
  if (reply !== null) sendReply(response, reply);
}

/** Sends a reply with its true length. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

function resetSocket(socket: Socket | null): void {
  // A TCP reset, like that of a crashed load balancer. An orderly close would look like an empty answer.
  socket?.resetAndDestroy();
}

function htmlReply(status: number): Reply {
  const body = `<html><head><title>${status}</title></head><body><h1>${status} Service Unavailable</h1></body></html>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body, errorType: null };
}
