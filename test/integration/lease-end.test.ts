import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MusterError, OrderRefusedError } from '../../client/errors.ts';
import { leaseWorkflowId } from '../../contracts/ids.ts';
import { MESSAGES, type ReleaseUpdate } from '../../contracts/messages.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { untilClosed, untilPending } from '../setup/workflow-runs.ts';
import { cutShort, latest, leased, teamOf, untilShown, untilState } from '../setup/leases.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const HOUR_MS = 3_600_000;
const leaseOf = (requestId: string) => harness.client.workflow.getHandle(leaseWorkflowId(requestId, 1));

const refusal = async (order: Promise<unknown>): Promise<OrderRefusedError> => {
  const error: unknown = await order.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OrderRefusedError);
  return error as OrderRefusedError;
};

describe('a lease with an end', () => {
  it('ends then: the cluster is gone and its cost is booked', async () => {
    await leased(harness, 'short');
    const { leaseUntilMs } = await cutShort(harness, 'short', { leftMs: 2_000 });
    const ended = await untilState(harness, 'short', 'released');
    expect(ended).toMatchObject({ why: 'LeaseEnded', whyText: 'its time is over' });
    expect(ended.endedAtMs).toBeGreaterThanOrEqual(leaseUntilMs ?? Infinity);
    await expectNothingLeft(harness, 'short');
    expect(await untilClosed(harness.client, leaseWorkflowId('short', 1))).toBe('COMPLETED');
  });

  it('lives past its first end after an extension, and holds the money for it', async () => {
    await leased(harness, 'longer');
    const before = await cutShort(harness, 'longer', { leftMs: 5_000 });
    const { creation } = await harness.muster.extend('longer', { byMs: HOUR_MS });
    expect(creation.leaseUntilMs).toBe((before.leaseUntilMs ?? 0) + HOUR_MS);
    expect(creation.holdMicros).toBe(before.holdMicros + before.hourlyMicros);
    await until(() => Promise.resolve(Date.now() > (before.leaseUntilMs ?? 0) + 1_000), { what: 'the first end' });
    await expectLeased(harness, 'longer');
  });

  it('is extended once by an order that comes twice, also if it comes to another run of the lease', async () => {
    const before = await leased(harness, 'twice');
    const order = () => harness.muster.extend('twice', { byMs: HOUR_MS }, { orderId: 'one' });
    const first = await order();
    expect(await order()).toEqual(first);
    await leaseOf('twice').terminate('a new run');
    expect(await order()).toEqual(first);
    expect((await latest(harness, 'twice')).leaseUntilMs).toBe((before.leaseUntilMs ?? 0) + HOUR_MS);
  });

  it('is extended to the latest end when many ask at once, and the ledger still answers', async () => {
    const { leaseUntilMs } = await leased(harness, 'wanted');
    const ends = Array.from({ length: 20 }, (_, index) => (leaseUntilMs ?? 0) + (index + 1) * 60_000);
    const answers = await Promise.allSettled(ends.map((untilMs) => harness.muster.extend('wanted', { untilMs })));
    // An order for an earlier end than the granted one is refused, with the reason.
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(MusterError);
    }
    expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await latest(harness, 'wanted')).leaseUntilMs).toBe(ends.at(-1));
    expect(await harness.ledger.audit()).toEqual([]);
    expect((await harness.muster.clusters()).clusters.length).toBeGreaterThan(0);
  });

  it('keeps its end if the budget has no room for more', async () => {
    const team = await teamOf(harness, 'thrifty');
    const before = await leased(harness, 'poor', { team });
    await harness.ledger.setBudget(team, 'total', before.holdMicros, 'test');
    expect((await refusal(harness.muster.extend('poor', { byMs: HOUR_MS }))).message).toContain('no room');
    expect(await latest(harness, 'poor')).toEqual(before);
    await expectLeased(harness, 'poor');
  });

  it('is not extended to an earlier time, or while it is released', async () => {
    const before = await leased(harness, 'refused');
    const earlier = (before.leaseUntilMs ?? 0) - 1;
    expect((await refusal(harness.muster.extend('refused', { untilMs: earlier }))).message).toContain(
      'must not be before the present end',
    );
    await harness.muster.release('refused');
    await refusal(harness.muster.extend('refused', { byMs: HOUR_MS }));
    await untilState(harness, 'refused', 'released');
  });

  it('is not extended if it has no end', async () => {
    await leased(harness, 'endless', { durationMs: undefined });
    expect((await refusal(harness.muster.extend('endless', { byMs: HOUR_MS }))).message).toContain('has no end');
  });
});

describe('a release', () => {
  it('is answered at once, each time it is ordered', async () => {
    await leased(harness, 'update');
    const order: { args: [ReleaseUpdate] } = { args: [{ who: 'ada', why: 'done' }] };
    const replies = await Promise.all([1, 2].map(() => leaseOf('update').executeUpdate(MESSAGES.release.name, order)));
    expect(replies).toEqual([{ outcome: 'releasing' }, { outcome: 'releasing' }]);
    expect(await untilState(harness, 'update', 'released')).toMatchObject({
      why: 'Released',
      whyText: 'released by ada: done',
    });
    await untilShown(harness, await latest(harness, 'update'), 'released', 'Released');
    await expectNothingLeft(harness, 'update');
  });

  it('is the effect of a cancel through Temporal', async () => {
    await leased(harness, 'native');
    await leaseOf('native').cancel();
    expect(await untilState(harness, 'native', 'released')).toMatchObject({ why: 'Released' });
    await expectNothingLeft(harness, 'native');
  });

  it('goes on while its provider does not answer reads', async () => {
    const { key } = await leased(harness, 'deaf');
    await harness.control.addFaults({
      operation: 'DescribeCluster',
      times: 'always',
      match: { clusterName: key },
      fault: { kind: 'hang' },
    });
    await untilPending(harness.client, leaseWorkflowId('deaf', 1), 'inspectCluster', 2);
    await harness.muster.release('deaf');
    await untilState(harness, 'deaf', 'closing');
    await harness.control.clearFaults();
    await untilState(harness, 'deaf', 'released');
  });

  it('reaches a lease that was terminated', async () => {
    await leased(harness, 'killed');
    await leaseOf('killed').terminate();
    await harness.muster.release('killed');
    await untilState(harness, 'killed', 'released');
    await expectNothingLeft(harness, 'killed');
  });
});
