import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { latest, leased, untilShown, untilState } from '../setup/leases.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const vanish = ({ key, region }: Creation): Promise<void> => harness.control.vanish({ region, name: key });
/** Makes a cluster fail and removes its nodes. */
async function fail({ key, region }: Creation): Promise<void> {
  await harness.control.setRunningNodes({ region, name: key, nodes: 0 });
  await harness.control.setStatus({ region, name: key, status: 'Failed', message: 'lost power' });
}

describe('a leased cluster', () => {
  it('that fails is parked with its hold, and goes on when it works again', async () => {
    const before = await leased(harness, 'weak');
    await fail(before);
    await untilShown(harness, before, 'parked', 'ClusterFailed');
    expect(await latest(harness, 'weak')).toMatchObject({
      state: 'leased',
      condition: 'failed',
      holdMicros: before.holdMicros,
    });
    await harness.control.setRunningNodes({ region: before.region, name: before.key, nodes: 2 });
    await harness.control.setStatus({ region: before.region, name: before.key, status: 'InService' });
    await untilShown(harness, before, 'leased', null);
    await expectLeased(harness, 'weak');
  });

  it('that vanishes is parked until it is released', async () => {
    const creation = await leased(harness, 'lost');
    await vanish(creation);
    await untilShown(harness, creation, 'parked', 'ClusterVanished');
    await harness.muster.release('lost');
    await untilState(harness, 'lost', 'released');
    await expectNothingLeft(harness, 'lost');
  });

  it('that lacks a node is shown as degraded, with any policy', async () => {
    const creation = await leased(harness, 'lame', { policies: { onBroken: 'release' } });
    await harness.control.setRunningNodes({ region: creation.region, name: creation.key, nodes: 1 });
    await untilShown(harness, creation, 'leased', 'ClusterDegraded');
    await expectLeased(harness, 'lame');
  });

  it.each([
    ['fails', fail],
    ['vanishes', vanish],
  ] as const)('that %s is released where its policy says so', async (what, spoil) => {
    const creation = await leased(harness, what, { policies: { onBroken: 'release' } });
    await spoil(creation);
    expect((await untilState(harness, what, 'released')).why).toBe('Broken');
    await expectNothingLeft(harness, what);
  });

  it('that vanishes is provisioned again if its policy says so: one cluster exists, with a new lease', async () => {
    const creation = await leased(harness, 'phoenix', { policies: { onBroken: 'reprovision' } });
    await vanish(creation);
    await until(async () => (await latest(harness, 'phoenix')).number === 2, { what: 'creation 2' });
    await untilState(harness, 'phoenix', 'leased');
    const { creations } = await expectLeased(harness, 'phoenix');
    expect(creations).toMatchObject([
      { number: 1, state: 'released', why: 'Broken' },
      { number: 2, state: 'leased', owner: leaseWorkflowId('phoenix', 2) },
    ]);
  });
});
