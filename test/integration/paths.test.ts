import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestConflictError, RequestFailedError } from '../../client/errors.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { aRequest } from '../builders/request.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const failureOf = async (requestId: string): Promise<RequestFailedError> => {
  const error = await harness.muster.result(requestId).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RequestFailedError);
  return error as RequestFailedError;
};

describe('a request', () => {
  it('becomes ready with its nodes, their addresses and how to log in, and is released', async () => {
    const { muster } = harness;
    await muster.submit(aRequest('happy'));
    const cluster = await muster.result('happy');
    expect(cluster.access?.nodes).toHaveLength(2);
    expect(cluster.access?.nodes[0]?.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(cluster.access?.login[0]).toMatch(/^aws ssm start-session .*sagemaker-cluster:[a-z0-9]{12}_workers-i-/);
    await expectLeased(harness, 'happy');

    expect((await muster.release('happy', { why: 'done' })).outcome).toBe('releasing');
    await until(async () => (await harness.ledger.receipt('happy')).creations[0]?.state === 'released', {
      what: 'the release',
    });
    const { creations } = await expectNothingLeft(harness, 'happy');
    expect(creations[0]?.costMicros).toBeGreaterThan(0);
    expect((await muster.release('happy')).outcome).toBe('released');
  });

  it('moves to its second placement when the first has no capacity', async () => {
    await harness.control.addFaults({
      operation: 'CreateCluster',
      match: { region: 'us-east-1' },
      fault: { kind: 'no-capacity' },
    });
    await harness.muster.submit(aRequest('second', ['us-east-1', 'us-west-2']));
    const cluster = await harness.muster.result('second');
    expect(cluster.region).toBe('us-west-2');
    expect(cluster.receipt.skipped).toMatchObject([{ placementIndex: 0, type: 'InsufficientCapacity' }]);
    const { creations } = await expectLeased(harness, 'second');
    expect(creations.map(({ state }) => state)).toEqual(['absent', 'leased']);
  });

  it('frees its hold at once when the provider definitely refuses, and fails with the reason', async () => {
    await harness.control.addFaults({
      operation: 'CreateCluster',
      match: { region: 'eu-none-1' },
      fault: { kind: 'error', type: 'ResourceLimitExceeded' },
    });
    await harness.muster.submit(aRequest('quota', ['eu-none-1'], { placements: priced('eu-none-1') }));
    const failure = await failureOf('quota');
    expect(failure.type).toBe('QuotaExceeded');
    expect(failure.receipt?.creations).toMatchObject([{ state: 'refused', costMicros: 0 }]);
    await expectNothingLeft(harness, 'quota');
  });

  it('adopts the cluster when the reply of its create is lost', async () => {
    await harness.control.addFaults({
      operation: 'CreateCluster',
      fault: { kind: 'reset', when: 'after' },
      match: { region: 'us-east-2' },
    });
    await harness.muster.submit(aRequest('lost', ['us-east-2']));
    await harness.muster.result('lost');
    const { clusters } = await expectLeased(harness, 'lost');
    expect(clusters).toHaveLength(1);
  });

  it('is compensated when its cluster fails after it was accepted', async () => {
    await harness.control.addFaults({
      operation: 'CreateCluster',
      match: { region: 'us-east-2' },
      fault: { kind: 'fails' },
    });
    await harness.muster.submit(aRequest('fails', ['us-east-2']));
    expect((await failureOf('fails')).type).toBe('ClusterFailed');
    const { clusters } = await expectNothingLeft(harness, 'fails');
    expect(clusters).toHaveLength(1);
  });

  it('fails with BudgetExceeded when no placement is affordable, and holds nothing', async () => {
    await harness.ledger.setBudget('poor', 'total', 1_000_000, 'test');
    await harness.muster.submit(aRequest('poor', ['us-west-2', 'us-east-1'], { team: 'poor' }));
    const failure = await failureOf('poor');
    expect(failure.type).toBe('BudgetExceeded');
    expect(failure.receipt?.creations).toEqual([]);
    expect(
      (await harness.ledger.reports.readBudget({ team: 'poor' })).balances.every(({ heldMicros }) => heldMicros === 0),
    ).toBe(true);
  });

  it('is refused if its id belongs to another body, while that request runs and after', async () => {
    await harness.muster.submit(aRequest('twice'));
    await expect(harness.muster.submit(aRequest('twice', ['us-east-1']))).rejects.toBeInstanceOf(RequestConflictError);
    await harness.muster.result('twice');
    await expect(harness.muster.submit(aRequest('twice', ['us-east-1']))).rejects.toBeInstanceOf(RequestConflictError);
    expect((await harness.muster.submit(aRequest('twice'))).outcome).toBe('joined');
    await expectLeased(harness, 'twice');
  });

  it('starts again after a failure only on demand, with the next creation', async () => {
    await harness.control.addFaults({
      operation: 'CreateCluster',
      match: { region: 'us-east-2' },
      fault: { kind: 'no-capacity' },
    });
    await harness.muster.submit(aRequest('again', ['us-east-2']));
    expect((await failureOf('again')).type).toBe('InsufficientCapacity');
    expect((await harness.muster.submit(aRequest('again', ['us-east-2']))).outcome).toBe('joined');
    expect((await harness.muster.submit(aRequest('again', ['us-east-2']), { again: true })).outcome).toBe('started');
    await harness.muster.result('again');
    const { creations } = await expectLeased(harness, 'again');
    expect(creations.map(({ number, state }) => [number, state])).toEqual([
      [1, 'absent'],
      [2, 'leased'],
    ]);
  });
});

/** A region without a price in the catalogue, with a stated price. */
const priced = (region: string): object[] => {
  const [placement] = aRequest('x', [region]).placements;
  return [{ ...placement, hourlyPriceMicros: 1_000_000 }];
};
