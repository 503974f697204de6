import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { MESSAGES, type HintSignal } from '../../contracts/messages.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { latest, leased, untilShown, untilState } from '../setup/leases.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const HOUR_MS = 3_600_000;
/** The server suggests a new run after this many events. Each signal is one event. */
const LONG = 4_096;
const BURST = 32;

const runOf = async (requestId: string): Promise<string> =>
  (await harness.client.workflow.getHandle(leaseWorkflowId(requestId, 1)).describe()).runId;

describe('a lease', () => {
  it('goes on in a new run when its history is long, and can still be extended and released', async () => {
    await leased(harness, 'old');
    const first = await runOf('old');
    const lease = harness.client.workflow.getHandle(leaseWorkflowId('old', 1));
    const foreign: HintSignal = { key: 'of-another-creation', observed: 'ready' };
    for (let sent = 0; sent < LONG; sent += BURST) {
      await Promise.all(Array.from({ length: BURST }, () => lease.signal(MESSAGES.hint.name, foreign)));
    }
    await until(async () => (await runOf('old')) !== first, { what: 'a new run' });
    const { events } = await harness.client.workflow.getHandle(leaseWorkflowId('old', 1), first).fetchHistory();
    expect(events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeTruthy();
    await expectLeased(harness, 'old');

    const before = await latest(harness, 'old');
    const { creation } = await harness.muster.extend('old', { byMs: HOUR_MS });
    expect(creation.leaseUntilMs).toBe((before.leaseUntilMs ?? 0) + HOUR_MS);
    await harness.muster.release('old');
    await untilState(harness, 'old', 'released');
    await expectNothingLeft(harness, 'old');
  });

  it("moves its provider's expiry past each new end", async () => {
    const placements = [
      {
        provider: 'alibaba-ecs',
        region: 'cn-hangzhou',
        hourlyPriceMicros: 24_000_000,
        spec: {
          description: 'model',
          nodes: {
            instanceType: 'ecs.sccgn7ex.32xlarge',
            count: 2,
            imageId: 'ubuntu_22_04_x64',
            securityGroupId: 'sg-bp1example',
            vSwitchId: 'vsw-bp1example',
            keyPairName: 'operators',
            systemDisk: { category: 'cloud_essd', sizeGB: 100 },
          },
        },
      },
    ];
    await leased(harness, 'leak', { placements });
    const { creation } = await harness.muster.extend('leak', { byMs: 24 * HOUR_MS });
    const moves = await until(
      async () => {
        const calls = await harness.simulators.control('alibaba-ecs').journal('ModifyInstanceAutoReleaseTime');
        return calls.length === 2 && calls;
      },
      { what: 'the later release time of both machines' },
    );
    for (const { body, effects } of moves) {
      expect(effects).toEqual(['ok']);
      const { AutoReleaseTime } = body as { AutoReleaseTime: string };
      expect(Date.parse(AutoReleaseTime)).toBeGreaterThan(creation.leaseUntilMs ?? Infinity);
    }

    // Later than the first expiry of both: the cluster of the lease that was not extended is gone, so there is an expiry.
    const other = await leased(harness, 'not-extended', { placements });
    const control = harness.simulators.control('alibaba-ecs');
    await control.advance(12 * HOUR_MS);
    await untilShown(harness, other, 'parked', 'ClusterVanished');
    expect(await latest(harness, 'leak')).toMatchObject({ state: 'leased', condition: 'ready' });
    for (const id of ['leak', 'not-extended']) {
      await harness.muster.release(id);
      await untilState(harness, id, 'released');
    }
  });
});
