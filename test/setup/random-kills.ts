import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Checkout } from './checkout.ts';
import { npmStart } from './npm-start.ts';
import { until } from './until.ts';

/** A warm start with its examples takes about this long: kills fall into all of it. */
const LATEST_KILL_MS = 16_000;
/** Everything of a killed start must be gone by then. */
const GONE_WITHIN_MS = 20_000;

/** Waits until no process works in the checkout any more. @param what ended it, for the failure's text */
export async function untilGone(checkout: Checkout, what: string): Promise<void> {
  await until(async () => (await checkout.processes()).length === 0, {
    what: `the end of every process after ${what}`,
    timeoutMs: GONE_WITHIN_MS,
  });
}

/**
 * Starts again and again and kills npm itself with -9 at random moments; each time everything must be gone before the
 * next start.
 * @param onKill told before each start
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
