import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyCheckout, type Checkout } from '../setup/checkout.ts';
import { killAtRandomMoments, untilGone } from '../setup/random-kills.ts';
import { npmStart } from '../setup/npm-start.ts';

let checkout: Checkout;
beforeAll(async () => {
  checkout = await copyCheckout();
});
afterAll(() => checkout.remove());

it('leaves no process when npm is killed at any moment, and the next start works', async () => {
  const moments: number[] = [];
  await killAtRandomMoments(checkout, 10, (momentMs) => moments.push(momentMs));
  const last = npmStart(checkout.folder, ['--once', '--json']);
  const { code } = await last.ended;
  expect({ code, moments, output: last.output() }).toMatchObject({ code: 0 });
  expect(last.output()).toContain('"ok": true');
  expect(await checkout.processes()).toEqual([]);
}, 600_000);

it.each(['SIGINT', 'SIGTERM'] as const)(
  'stops in order on %s, also during a start',
  async (signal) => {
    for (const moment of [/PostgreSQL/, /Ctrl-C/]) {
      const start = npmStart(checkout.folder);
      await start.until(moment);
      start.signalGroup(signal);
      await start.ended;
      await untilGone(checkout, `${signal} at ${String(moment)}`);
      expect(start.output()).not.toMatch(/error/i);
    }
  },
  300_000,
);
