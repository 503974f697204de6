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

/** One call, as far as its delivery is concerned. The provider supplies what is its own. */
export interface Carried {
  /** Carries the operation out. Refusals come as replies; it does not throw. */
  effect(): Reply;
  /** An error in the provider's own shape. */
  errorReply(type: string, message: string, status: number, headers?: Record<string, string>): Reply;
  /** A refusal for coming too often, in the provider's own shape; left out, it is worded as AWS words it. */
  throttleReply?(status: number, retryAfterSeconds: number | undefined): Reply;
  /** Carries the operation out `afterMs` later, on the simulated clock. */
  defer(afterMs: number): void;
}

/** How the caller is to be answered. `effects` lists what the operation came to, each time it was carried out. */
export interface Delivery {
  readonly way: 'send' | 'reset' | 'hang';
  readonly reply: Reply | null;
  readonly delayMs: number;
  /** For `hang`: cut the socket after this; undefined waits for the caller. */
  readonly hangMs?: number | undefined;
  readonly effects: readonly string[];
}

/** Plays the fault around the effect and says how to answer. Waits only for a delay that comes before the effect. */
export async function carryOut(
  call: Carried,
  fault: TransportFault | undefined,
  closing: AbortSignal,
): Promise<Delivery> {
  if (fault?.kind === 'delay' && fault.when === 'before') await sleep(fault.ms, undefined, { signal: closing });

  const effects: string[] = [];
  const act = (): Reply => {
    const reply = call.effect();
    effects.push(reply.errorType ?? 'ok');
    return reply;
  };
  const actIfAfter = (when: 'before' | 'after'): void => {
    if (when === 'after') act();
  };
  const send = (reply: Reply, delayMs = 0): Delivery => ({ way: 'send', reply, delayMs, effects });
  const silence = (way: 'reset' | 'hang', hangMs?: number): Delivery => ({
    way,
    reply: null,
    delayMs: 0,
    hangMs,
    effects,
  });

  if (fault === undefined) return send(act());
  switch (fault.kind) {
    case 'error':
      actIfAfter(fault.when);
      return send(call.errorReply(fault.type, fault.message, fault.status));
    case 'throttle': {
      const hint = fault.retryAfterSeconds;
      if (call.throttleReply !== undefined) return send(call.throttleReply(fault.status, hint));
      const headers = hint === undefined ? {} : { 'retry-after': String(hint) };
      return send(call.errorReply('ThrottlingException', 'Rate exceeded', fault.status, headers));
    }
    case 'hang':
      actIfAfter(fault.when);
      return silence('hang', fault.forMs);
    case 'reset':
      actIfAfter(fault.when);
      return silence('reset');
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
      call.defer(fault.afterMs);
      return silence('reset');
    case 'delay':
      return send(act(), fault.when === 'after' ? fault.ms : 0);
    case 'duplicate': {
      const first = act();
      act();
      return send(first);
    }
  }
}

/** Puts a delivery on the wire. Resolves when this side has nothing left to do. */
export async function answer(response: ServerResponse, delivery: Delivery, closing: AbortSignal): Promise<void> {
  const socket = response.socket;
  if (delivery.delayMs > 0) await sleep(delivery.delayMs, undefined, { signal: closing });
  if (delivery.way === 'reset') resetSocket(socket);
  else if (delivery.way === 'hang' && delivery.hangMs !== undefined) {
    await sleep(delivery.hangMs, undefined, { signal: closing });
    resetSocket(socket);
  }
  if (delivery.reply !== null) sendReply(response, delivery.reply);
}

/** Sends a reply with its true length. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

function resetSocket(socket: Socket | null): void {
  // A TCP reset, as a crashing load balancer gives; an orderly end would look like a server that answered nothing.
  socket?.resetAndDestroy();
}

function htmlReply(status: number): Reply {
  const body = `<html><head><title>${status}</title></head><body><h1>${status} Service Unavailable</h1></body></html>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body, errorType: null };
}
