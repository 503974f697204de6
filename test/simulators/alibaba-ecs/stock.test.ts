import { DeleteInstancesRequest, ModifyInstanceAutoReleaseTimeRequest } from '@alicloud/ecs20140526';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, idsOf, instancesOf, LONG_MS, PLAIN, REGION, run, startBench, type Bench } from './harness.ts';

const MINUTE_MS = 60_000;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const ask = (amount: number, minAmount?: number) =>
  idsOf(bench.client.runInstances(run({ amount, ...(minAmount === undefined ? {} : { minAmount }) })));

describe('stock', () => {
  it('gives all or nothing, and with a minimum what there is', async () => {
    await bench.control.setCapacity({ region: REGION, instanceType: PLAIN, nodes: 5 });
    expect(await failureOf(ask(6))).toMatchObject({ code: 'OperationDenied.NoStock', statusCode: 403 });
    expect(await failureOf(ask(8, 6))).toMatchObject({ code: 'OperationDenied.NoStock' });
    expect(await bench.control.clusters()).toEqual([]);
    expect(await ask(2, 1)).toHaveLength(2);
    expect(await ask(8, 2)).toHaveLength(3);
    expect(await failureOf(ask(1))).toMatchObject({ code: 'OperationDenied.NoStock' });
    await bench.client.runInstances(run({ instanceType: 'ecs.g7.large' }));
  });

  it('comes back when instances have vanished', async () => {
    await bench.control.setCapacity({ nodes: 1 });
    const instanceId = await ask(1);
    await bench.control.advance(LONG_MS);
    await bench.client.deleteInstances(new DeleteInstancesRequest({ regionId: REGION, instanceId, force: true }));
    expect(await failureOf(ask(1))).toMatchObject({ code: 'OperationDenied.NoStock' });
    await bench.control.advance(LONG_MS);
    await ask(1);
  });

  it('is nothing where options say so', async () => {
    await bench.close();
    bench = await startBench({ noCapacity: [{ region: REGION }] });
    expect(await failureOf(ask(1))).toMatchObject({ code: 'OperationDenied.NoStock' });
    await bench.client.runInstances(run({ regionId: 'ap-southeast-1' }));
  });

  it('is bounded by quotas, of which a minimum takes no part', async () => {
    await bench.control.setQuota({ instanceType: PLAIN, nodes: 3 });
    await ask(2);
    expect(await failureOf(ask(2, 1))).toMatchObject({ code: 'QuotaExceed.ElasticQuota', statusCode: 403 });
    await bench.control.setQuota({ instanceType: PLAIN, nodes: null });
    await ask(2);
  });
});

describe('automatic release', () => {
  const at = async (minutes: number) =>
    `${new Date((await bench.control.nowMs()) + minutes * MINUTE_MS).toISOString().slice(0, 19)}Z`;
  const modify = (instanceId: string, autoReleaseTime?: string) =>
    bench.client.modifyInstanceAutoReleaseTime(
      new ModifyInstanceAutoReleaseTimeRequest({
        ...{ regionId: REGION, instanceId },
        ...(autoReleaseTime === undefined ? {} : { autoReleaseTime }),
      }),
    );

  it('ends an instance at its time on the simulated clock, cut to the minute', async () => {
    await bench.control.advance(24 * LONG_MS);
    const autoReleaseTime = await at(45);
    await bench.client.runInstances(run({ autoReleaseTime }));
    const [instance] = await instancesOf(bench.client);
    expect(instance?.autoReleaseTime).toBe(`${autoReleaseTime.slice(0, 16)}Z`);
    await bench.control.advance(43 * MINUTE_MS);
    expect(await instancesOf(bench.client)).toHaveLength(1);
    await bench.control.advance(2 * MINUTE_MS);
    expect(await instancesOf(bench.client)).toEqual([]);
    const [cluster] = await bench.control.clusters();
    expect(cluster?.goneAtMs).toBe(Date.parse(instance?.autoReleaseTime ?? ''));
  });

  it('can be put off, and called off', async () => {
    const [kept = '', other = ''] = await idsOf(
      bench.client.runInstances(run({ amount: 2, autoReleaseTime: await at(45) })),
    );
    await modify(kept);
    await modify(other, await at(120));
    await bench.control.advance(LONG_MS);
    expect(await instancesOf(bench.client)).toHaveLength(2);
    await bench.control.advance(LONG_MS);
    expect((await instancesOf(bench.client)).map(({ instanceId }) => instanceId)).toEqual([kept]);
  });

  it.each([29, 3 * 365 * 24 * 60 + 1])('is refused in %d minutes', async (minutes) => {
    const refused = { code: 'InvalidAutoReleaseTime.Malformed', statusCode: 400 };
    const autoReleaseTime = await at(minutes);
    expect(await failureOf(bench.client.runInstances(run({ autoReleaseTime })))).toMatchObject(refused);
    const [id = ''] = await ask(1);
    expect(await failureOf(modify(id, autoReleaseTime))).toMatchObject(refused);
  });

  it('is refused in another form, and for nobody', async () => {
    const autoReleaseTime = '2099-01-01 00:00';
    const refused = await failureOf(bench.client.runInstances(run({ autoReleaseTime })));
    expect(refused).toMatchObject({ code: 'InvalidAutoReleaseTime.Malformed' });
    expect(await failureOf(modify('i-other'))).toMatchObject({ code: 'InvalidInstanceId.NotFound' });
  });
});
