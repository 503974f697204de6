import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';

/** Heartbeats in each heartbeat timeout (policy), so that a late or lost one does not fail the step. */
const BEATS = 3;

/**
 * Sends heartbeats while a step runs that has a heartbeat timeout. If the process was killed or hangs, Temporal gives the step to
 * another worker long before the step's own time-out. Steps without a heartbeat timeout send none.
 */
export class Heartbeats implements ActivityInboundCallsInterceptor {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { heartbeatTimeoutMs } = this.#context.info;
    // The server sends 0 for a step without a heartbeat timeout.
    if (!heartbeatTimeoutMs) return next(input);
    const beat = setInterval(() => {
      this.#context.heartbeat();
    }, heartbeatTimeoutMs / BEATS);
    try {
      return await next(input);
    } finally {
      clearInterval(beat);
    }
  }
}
