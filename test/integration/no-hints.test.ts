import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { READY_TIMEOUT_MIN_MS } from '../../contracts/limits.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { untilClosed, untilWaiting } from '../setup/workflow-runs.ts';
import { leased } from '../setup/leases.ts';
import { expectLeased } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';

/** So slow that no request checks by itself before its deadline. */
const SPEED = 100;

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness({ speed: SPEED });
});
afterAll(() => harness.stop());

it(
  'finds its cluster ready at its deadline, although no sweep could send a hint',
  async () => {
    const region = 'us-east-2';
    // A first request starts the region's monitor. After that no listing succeeds.
    await leased(harness, 'first', { placements: aRequest('first', [region]).placements });
    await harness.control.addFaults({ operation: 'ListClusters', times: 'always', fault: { kind: 'throttle' } });
    await harness.muster.submit(aRequest('no-hint', [region], { readyTimeoutMs: READY_TIMEOUT_MIN_MS }));
    await untilWaiting(harness.client, requestWorkflowId('no-hint'));
    expect(await untilClosed(harness.client, requestWorkflowId('no-hint'), 2 * READY_TIMEOUT_MIN_MS)).toBe('COMPLETED');
    await expectLeased(harness, 'no-hint');
    await harness.control.clearFaults();
  },
  3 * READY_TIMEOUT_MIN_MS,
);
