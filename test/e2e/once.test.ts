import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childEnvironment } from '../../platform/config.ts';
import { copyCheckout, type Checkout } from '../setup/checkout.ts';

const run = promisify(execFile);

let checkout: Checkout;
beforeAll(async () => {
  checkout = await copyCheckout();
});
afterAll(() => checkout.remove());

it('npm start -- --once provisions the examples, twice in the same folder, and leaves no process behind', async () => {
  for (const start of [1, 2]) {
    const { stdout, stderr } = await run('npm', ['start', '--silent', '--', '--once', '--json'], {
      cwd: checkout.folder,
      // As in a user's terminal: the variable that mutes the AWS SDK's notice is set for tests only.
      env: { ...childEnvironment(), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: undefined },
    });
    expect(stderr).not.toMatch(/warning/i);
    const report = JSON.parse(stdout) as {
      ok: boolean;
      results: { requestId: string; outcome: string; asExpected: boolean }[];
    };
    expect(report.ok).toBe(true);
    expect(report.results.map(({ requestId, outcome }) => [requestId, outcome])).toEqual([
      [`fine-tune-${start}`, 'ready'],
      [`simulate-${start}`, 'ready'],
      [`pretrain-${start}`, 'ready'],
      [`batch-eval-${start}`, 'failed'],
    ]);
    expect(await checkout.processes()).toEqual([]);
  }
}, 180_000);
