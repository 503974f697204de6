import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';

/** Beats in the time that a step may be silent (policy): one that comes late or is lost is no death. */
const BEATS = 3;

/**
 * Lets Temporal know that the process of a running step lives, where the step has a heartbeat timeout: one whose
 * process was killed or froze is then given to another long before its own time is up. A short step sends none.
 */
export class Heartbeats implements ActivityInboundCallsInterceptor {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    const { heartbeatTimeoutMs } = this.#context.info;
    // The server tells no timeout as one of 0.
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
