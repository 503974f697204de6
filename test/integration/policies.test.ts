import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestCancelledError, RequestFailedError } from '../../client/errors.ts';
import { MAX_LISTED_CREATIONS } from '../../contracts/limits.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { refuseUpTo } from '../setup/ledger.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const WAITS = { policies: { whenExhausted: 'wait' } };

/** The provider has no capacity in a region for this many creates. */
const outOfCapacity = (region: string, times: number): Promise<number[]> =>
  harness.control.addFaults({
    operation: 'CreateCluster',
    match: { region },
    fault: { kind: 'error', type: 'ResourceLimitExceeded' },
    times,
  });

describe('a request that waits when all placements are refused', () => {
  it('tries all of them again in order until one is ready', async () => {
    await outOfCapacity('us-east-1', 2);
    await outOfCapacity('us-east-2', 1);
    await harness.muster.submit(aRequest('patient', ['us-east-1', 'us-east-2'], WAITS));
    const cluster = await harness.muster.result('patient');
    expect(cluster.region).toBe('us-east-2');
    const { creations } = await expectLeased(harness, 'patient');
    expect(creations.map(({ region, state }) => `${region} ${state}`)).toEqual([
      'us-east-1 refused',
      'us-east-2 refused',
      'us-east-1 refused',
      'us-east-2 leased',
    ]);
  });

  it('becomes ready and is released after thousands of refusals, and its receipt counts them', async () => {
    const policies = { onBroken: 'reprovision' };
    await outOfCapacity('us-east-1', 1);
    await harness.muster.submit(aRequest('stubborn', ['us-east-1'], { policies }));
    await expect(harness.muster.result('stubborn')).rejects.toBeInstanceOf(RequestFailedError);
    const {
      creations: [first],
    } = await harness.ledger.receipt('stubborn');
    expect(first?.state).toBe('refused');
    await refuseUpTo(harness.db.admin, first?.key ?? '', 3_000);

    const again = aRequest('stubborn', ['us-east-1'], { policies });
    await harness.muster.submit(again, { again: true });
    const { receipt } = await harness.muster.result('stubborn');
    expect(receipt.creationCount).toBe(3_001);
    expect(receipt.creations).toHaveLength(MAX_LISTED_CREATIONS);
    expect(receipt.creations.at(-1)).toMatchObject({ number: 3_001, state: 'leased' });
    await expectLeased(harness, 'stubborn');
    await harness.muster.release('stubborn');
    await until(async () => (await harness.ledger.readRequest('stubborn')).creation?.state === 'released', {
      what: 'the release',
    });
    const { record } = await harness.muster.describe('stubborn');
    expect(record).toMatchObject({ creationCount: 3_001, heldMicros: 0 });
    await expectNothingLeft(harness, 'stubborn');
  });

  it('is cancelled while it waits, and holds nothing then', async () => {
    await outOfCapacity('eu-west-1', 1_000);
    const [placement] = aRequest('x', ['eu-west-1']).placements;
    const placements = [{ ...placement, hourlyPriceMicros: 1_000_000 }];
    await harness.muster.submit(aRequest('tired', [], { ...WAITS, placements }));
    await until(
      async () => {
        const { status } = await harness.muster.status('tired');
        return status?.timeline.some(({ what }) => what.includes('waits, then tries them again'));
      },
      { what: 'the wait between two rounds' },
    );
    expect((await harness.ledger.receipt('tired')).creations.every(({ state }) => state === 'refused')).toBe(true);
    await harness.muster.cancel('tired');
    await expect(harness.muster.result('tired')).rejects.toBeInstanceOf(RequestCancelledError);
    await expectNothingLeft(harness, 'tired');
  });
});

describe('a placement with a price cap', () => {
  it('is skipped if it costs more, and the result says so', async () => {
    const [dear] = aRequest('x', ['us-east-1']).placements;
    const [cheap] = aRequest('x', ['us-west-2']).placements;
    const placements = [{ ...dear, maxHourlyPriceMicros: 1 }, cheap];
    await harness.muster.submit(aRequest('thrifty', [], { placements }));
    const { region, receipt } = await harness.muster.result('thrifty');
    expect(region).toBe('us-west-2');
    expect(receipt.skipped).toMatchObject([{ placementIndex: 0, type: 'BudgetExceeded', region: 'us-east-1' }]);
    expect(receipt.creations).toHaveLength(1);
  });
});
