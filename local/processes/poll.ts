import { setTimeout as delay } from 'node:timers/promises';

export interface PollOptions {
  /** Longest time in total, ms. The last check may end later. */
  timeoutMs: number;
  /** Pause between checks, ms; 50 by default. */
  intervalMs?: number;
}

/** Repeats a check until it returns something other than undefined; undefined when the time is up. */
export async function poll<T>(check: () => T | undefined | Promise<T | undefined>, options: PollOptions) {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (performance.now() >= deadline) return undefined;
    await delay(options.intervalMs ?? 50);
  }
}
