import type { IncomingMessage, ServerResponse } from 'node:http';
import { withControl, type ControlledWorld } from './control-routes.ts';
import { answer, deliver, type Delivery, type FaultReplies, type Reply } from './delivery.ts';
import type { FaultTarget, TransportFault } from './faults.ts';
import type { CallRecord } from './journal.ts';
import type { Handler } from './server.ts';

/** What the journal says of a call before its answer is decided. */
export type ReceivedRecord = Omit<CallRecord, 'fault' | 'effects' | 'replyStatus' | 'errorType'>;

/** How a provider words its replies to one call. */
export interface Replies<Output> extends FaultReplies {
  success(output: Output): Reply;
  /** The reply to anything that was thrown, a refusal or a failure of the simulator. */
  thrown(error: unknown): Reply;
}

/** A call whose route, signature and form are right. */
export interface AcceptedCall<Call> {
  /** All that the operation needs, as it is kept when the call is carried out later. */
  readonly call: Call;
  /** What fault rules match. Asked for when all calls that were due have been carried out. */
  readonly target: () => FaultTarget;
  /** Whether the operation may change something, so that the state must be written after it. */
  readonly changes: boolean;
}

/** A call as a provider's wire protocol reads it. */
export interface ReceivedCall<Call, Output> {
  /** `accept` completes it with what it finds out. */
  readonly record: ReceivedRecord;
  readonly replies: Replies<Output>;
  /** Checks route, signature and form, and sets `authOk` in the record. @throws what `replies.thrown` answers */
  accept(): AcceptedCall<Call>;
}

/** The part of a world that calls on the wire work on. */
export interface ServedWorld<Call, Output> extends ControlledWorld {
  /** Carries out the calls that are due. @returns whether there were any */
  runDueCalls(): boolean;
  /** Carries a call out at this time. @throws the provider's refusal */
  run(call: Call, nowMs: number): Output;
  /** Carries a call out `afterMs` later. */
  defer(call: Call, afterMs: number): void;
}

/**
 * Serves a provider's wire protocol, and the control API beside it.
 * @param closing aborts when the simulator closes
 * @param receive reads a call without checking it; it does not throw
 */
export function wireHandler<Call, Output>(
  world: ServedWorld<Call, Output>,
  closing: AbortSignal,
  receive: (request: IncomingMessage, body: Buffer) => ReceivedCall<Call, Output>,
): Handler {
  return withControl(world, async (request, body, response) => {
    const received = receive(request, body);
    const exchange = { world, record: received.record, response, closing };
    let accepted: AcceptedCall<Call>;
    try {
      accepted = received.accept();
    } catch (error) {
      // No fault rule sees such a call.
      const reply = received.replies.thrown(error);
      await conclude(exchange, undefined, { action: 'send', reply, delayMs: 0, effects: [] });
      return;
    }
    await serve(world, exchange, received.replies, accepted);
  });
}

/** A call on its way back to its caller. */
interface Exchange {
  readonly world: ControlledWorld;
  readonly record: ReceivedRecord;
  readonly response: ServerResponse;
  readonly closing: AbortSignal;
}

/** Carries a call out under the fault that meets it. The caller gets an answer only when the changes are on disk. */
async function serve<Call, Output>(
  world: ServedWorld<Call, Output>,
  exchange: Exchange,
  replies: Replies<Output>,
  { call, target, changes }: AcceptedCall<Call>,
): Promise<void> {
  const wereDue = world.runDueCalls();
  const fault = world.faults.takeTransportFault(target());
  const effect = {
    now: (): Reply => {
      try {
        world.runDueCalls();
        return replies.success(world.run(call, world.clock.nowMs()));
      } catch (error) {
        return replies.thrown(error);
      }
    },
    later: (afterMs: number): void => {
      world.defer(call, afterMs);
    },
  };
  const delivery = await deliver(effect, replies, fault, exchange.closing);
  if (wereDue || fault !== undefined || changes) await world.save();
  await conclude(exchange, fault, delivery);
}

async function conclude(
  { world, record, response, closing }: Exchange,
  fault: TransportFault | undefined,
  delivery: Delivery,
): Promise<void> {
  world.journal.append({
    ...record,
    fault: fault?.kind ?? null,
    effects: [...delivery.effects],
    replyStatus: delivery.reply?.status ?? null,
    errorType: delivery.reply?.errorType ?? null,
  });
  await answer(response, delivery, closing);
}
