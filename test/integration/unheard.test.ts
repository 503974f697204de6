import { afterAll, beforeAll, expect, it } from 'vitest';
import { MusterError } from '../../client/errors.ts';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { READY_TIMEOUT_MIN_MS } from '../../contracts/limits.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { untilClosed, untilWaiting } from '../setup/workflow-runs.ts';
import { leased, latest } from '../setup/leases.ts';
import { expectLeased } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';

/** So slow that no fallback comes before a deadline. */
const SPEED = 100;

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness({ speed: SPEED });
});
afterAll(() => harness.stop());

it(
  'takes a cluster at its deadline that became usable, though no sweep could tell of it',
  async () => {
    const region = 'us-east-2';
    // One of its own region first, so that its monitor is alive when the next one asks; then no listing succeeds.
    await leased(harness, 'first', { placements: aRequest('first', [region]).placements });
    await harness.control.addFaults({ operation: 'ListClusters', times: 'always', fault: { kind: 'throttle' } });
    await harness.muster.submit(aRequest('unheard', [region], { readyTimeoutMs: READY_TIMEOUT_MIN_MS }));
    await untilWaiting(harness.client, requestWorkflowId('unheard'));
    expect(await untilClosed(harness.client, requestWorkflowId('unheard'), 2 * READY_TIMEOUT_MIN_MS)).toBe('COMPLETED');
    await expectLeased(harness, 'unheard');
    await harness.control.clearFaults();
  },
  3 * READY_TIMEOUT_MIN_MS,
);

it('extends a lease however many ask at once, and the ledger goes on answering', async () => {
  const { leaseUntilMs } = await leased(harness, 'wanted');
  const ends = Array.from({ length: 20 }, (_, index) => (leaseUntilMs ?? 0) + (index + 1) * 60_000);
  const answers = await Promise.allSettled(ends.map((untilMs) => harness.muster.extend('wanted', { untilMs })));
  // Who comes after a later end was granted is refused, and told why.
  for (const answer of answers) {
    if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(MusterError);
  }
  expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect((await latest(harness, 'wanted')).leaseUntilMs).toBe(ends.at(-1));
  expect(await harness.ledger.audit()).toEqual([]);
  expect((await harness.muster.clusters()).clusters.length).toBeGreaterThan(0);
});
