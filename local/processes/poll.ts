import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  /** Total bound; the last check may run over it by its own length. */
  timeoutMs: number;
  /** Pause between checks. */
  intervalMs?: number;
}

/** Checks until `check` gives something other than `undefined`; `undefined` itself when the time is up. */
export async function poll<T>(check: () => T | undefined | Promise<T | undefined>, options: PollOptions) {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (performance.now() >= deadline) return undefined;
    await delay(options.intervalMs ?? 50);
  }
}
