import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Checkout } from './checkout.ts';
import { npmStart } from './npm-start.ts';
import { until } from './until.ts';

/** A warm start with its examples takes about this long, so kills can hit any part of it. */
const LATEST_KILL_MS = 16_000;
/** All processes of a killed start must have ended by then (policy). */
const GONE_WITHIN_MS = 60_000;

/** Waits until all processes of the checkout have ended. @param what ended them, for the message of a failure */
export async function untilGone(checkout: Checkout, what: string): Promise<void> {
  await until(
    async () => {
      const left = await checkout.processes();
      if (left.length === 0) return true;
      throw new Error(left.join('\n'));
    },
    { what: `the end of every process after ${what}`, timeoutMs: GONE_WITHIN_MS },
  );
}

/**
 * Starts several times and kills npm with -9 at random moments. After each kill all processes must end before the next start.
 * @param onKill called before each start
 */
export async function killAtRandomMoments(
  checkout: Checkout,
  times: number,
  onKill: (momentMs: number) => void = () => undefined,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    const momentMs = randomInt(LATEST_KILL_MS);
    onKill(momentMs);
    const start = npmStart(checkout.folder, [], environment);
    await delay(momentMs);
    start.child.kill('SIGKILL');
    await untilGone(checkout, `a kill at ${momentMs} ms`);
  }
}
