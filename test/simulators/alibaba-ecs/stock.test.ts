import { DeleteInstancesRequest, ModifyInstanceAutoReleaseTimeRequest } from '@alicloud/ecs20140526';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, idsOf, instancesOf, LONG_MS, PLAIN, REGION, run, startFixture, type Fixture } from './harness.ts';

const MINUTE_MS = 60_000;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

const runOf = (amount: number, minAmount?: number) =>
  idsOf(fixture.client.runInstances(run({ amount, ...(minAmount === undefined ? {} : { minAmount }) })));

describe('stock', () => {
  it('gives all instances or none, and with a minimum as many as there are', async () => {
    await fixture.control.setCapacity({ region: REGION, instanceType: PLAIN, nodes: 5 });
    expect(await failureOf(runOf(6))).toMatchObject({ code: 'OperationDenied.NoStock', statusCode: 403 });
    expect(await failureOf(runOf(8, 6))).toMatchObject({ code: 'OperationDenied.NoStock' });
    expect(await fixture.control.clusters()).toEqual([]);
    expect(await runOf(2, 1)).toHaveLength(2);
    expect(await runOf(8, 2)).toHaveLength(3);
    expect(await failureOf(runOf(1))).toMatchObject({ code: 'OperationDenied.NoStock' });
    await fixture.client.runInstances(run({ instanceType: 'ecs.g7.large' }));
  });

  it('comes back when released instances are gone', async () => {
    await fixture.control.setCapacity({ nodes: 1 });
    const instanceId = await runOf(1);
    await fixture.control.advance(LONG_MS);
    await fixture.client.deleteInstances(new DeleteInstancesRequest({ regionId: REGION, instanceId, force: true }));
    expect(await failureOf(runOf(1))).toMatchObject({ code: 'OperationDenied.NoStock' });
    await fixture.control.advance(LONG_MS);
    await runOf(1);
  });

  it('is empty in the regions of the option noCapacity', async () => {
    await fixture.close();
    fixture = await startFixture({ noCapacity: [{ region: REGION }] });
    expect(await failureOf(runOf(1))).toMatchObject({ code: 'OperationDenied.NoStock' });
    await fixture.client.runInstances(run({ regionId: 'ap-southeast-1' }));
  });

  it('is bounded by quotas, for which a minimum does not count', async () => {
    await fixture.control.setQuota({ instanceType: PLAIN, nodes: 3 });
    await runOf(2);
    expect(await failureOf(runOf(2, 1))).toMatchObject({ code: 'QuotaExceed.ElasticQuota', statusCode: 403 });
    await fixture.control.setQuota({ instanceType: PLAIN, nodes: null });
    await runOf(2);
  });
});

describe('automatic release', () => {
  const at = async (minutes: number) =>
    `${new Date((await fixture.control.nowMs()) + minutes * MINUTE_MS).toISOString().slice(0, 19)}Z`;
  const modify = (instanceId: string, autoReleaseTime?: string) =>
    fixture.client.modifyInstanceAutoReleaseTime(
      new ModifyInstanceAutoReleaseTimeRequest({
        ...{ regionId: REGION, instanceId },
        ...(autoReleaseTime === undefined ? {} : { autoReleaseTime }),
      }),
    );

  it('ends an instance at its time on the simulated clock, cut to the minute', async () => {
    await fixture.control.advance(24 * LONG_MS);
    const autoReleaseTime = await at(45);
    await fixture.client.runInstances(run({ autoReleaseTime }));
    const [instance] = await instancesOf(fixture.client);
    expect(instance?.autoReleaseTime).toBe(`${autoReleaseTime.slice(0, 16)}Z`);
    await fixture.control.advance(43 * MINUTE_MS);
    expect(await instancesOf(fixture.client)).toHaveLength(1);
    await fixture.control.advance(2 * MINUTE_MS);
    expect(await instancesOf(fixture.client)).toEqual([]);
    const [cluster] = await fixture.control.clusters();
    expect(cluster?.goneAtMs).toBe(Date.parse(instance?.autoReleaseTime ?? ''));
  });

  it('can be moved and cancelled', async () => {
    const [cancelled = '', moved = ''] = await idsOf(
      fixture.client.runInstances(run({ amount: 2, autoReleaseTime: await at(45) })),
    );
    await modify(cancelled);
    await modify(moved, await at(120));
    await fixture.control.advance(LONG_MS);
    expect(await instancesOf(fixture.client)).toHaveLength(2);
    await fixture.control.advance(LONG_MS);
    expect((await instancesOf(fixture.client)).map(({ instanceId }) => instanceId)).toEqual([cancelled]);
  });

  it.each([29, 3 * 365 * 24 * 60 + 1])('is refused for a time in %d minutes', async (minutes) => {
    const refused = { code: 'InvalidAutoReleaseTime.Malformed', statusCode: 400 };
    const autoReleaseTime = await at(minutes);
    expect(await failureOf(fixture.client.runInstances(run({ autoReleaseTime })))).toMatchObject(refused);
    const [id = ''] = await runOf(1);
    expect(await failureOf(modify(id, autoReleaseTime))).toMatchObject(refused);
  });

  it('is refused for a wrong form of the time, and for an unknown instance', async () => {
    const autoReleaseTime = '2099-01-01 00:00';
    const refused = await failureOf(fixture.client.runInstances(run({ autoReleaseTime })));
    expect(refused).toMatchObject({ code: 'InvalidAutoReleaseTime.Malformed' });
    expect(await failureOf(modify('i-other'))).toMatchObject({ code: 'InvalidInstanceId.NotFound' });
  });
});
