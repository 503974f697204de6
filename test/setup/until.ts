import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a check gives something; what throws counts as "not yet". Fails with what it saw last. */
export async function until<T>(
  check: () => Promise<T | undefined | false | null>,
  { timeoutMs = 30_000, what = 'the condition' }: { timeoutMs?: number; what?: string } = {},
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
  throw new Error(`${what} did not come true within ${timeoutMs} ms; last seen: ${String(last)}`);
}
