import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until a check returns a value. A check that throws counts as "not yet". `what` names the awaited thing.
 * @throws when the time is up, with what the check saw last
 */
export async function until<T>(
  check: () => Promise<T | undefined | false | null>,
  { what, timeoutMs = 30_000 }: { what: string; timeoutMs?: number },
): Promise<T> {
  const endMs = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < endMs) {
    try {
      const value = await check();
      if (value !== undefined && value !== false && value !== null) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await pause(50);
  }
  throw new Error(`${what}: not within ${timeoutMs} ms; last seen: ${String(last)}`);
}
