import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { lateClusterWorkflowId, leaseWorkflowId } from '../../contracts/ids.ts';
import { CLEANUPS_PER_SWEEP, JOURNAL_DEFAULT } from '../../contracts/limits.ts';
import { SAGEMAKER_KEY_TAG } from '../../contracts/providers/sagemaker.ts';
import type { ProvisioningRequestInput } from '../../contracts/request.ts';
import { startSimulators, type SimulatedCluster, type Simulators } from '../../simulators/index.ts';
import { createHarness, SPEED, type Harness } from '../setup/harness.ts';
import { untilClosed } from '../setup/workflow-runs.ts';
import { latest, teamOf, untilState } from '../setup/leases.ts';
import { expectNothingLeft } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';
import { measured, untilSwept } from '../setup/sweeps.ts';
import { until } from '../setup/until.ts';

/** Later than every window at SPEED, but short enough that the simulators' clock stays close to the ledger's. */
const LATE_MS = 60_000;

let harness: Harness;

/** The clusters that carry a creation's key, in the order of their creation. */
const clustersOf = async (provider: string, { key }: Creation): Promise<SimulatedCluster[]> =>
  (await harness.simulators.control(provider).clusters()).filter(({ name }) => name === key);

const untilGone = (provider: string, creation: Creation, clusterId: string): Promise<SimulatedCluster> =>
  until(
    async () => {
      const found = (await clustersOf(provider, creation)).find(({ id }) => id === clusterId);
      return found !== undefined && found.goneAtMs !== null && found;
    },
    { what: `the end of ${clusterId}` },
  );

/** What was booked without a hold. */
async function overrunsOf(team: string): Promise<readonly { key: string | null; reason: string }[]> {
  const { lines: all } = await harness.muster.journal({ team, beforeId: null, limit: JOURNAL_DEFAULT });
  const lines = all.filter(({ kind }) => kind === 'overrun');
  for (const { amountMicros } of lines) expect(amountMicros).toBeGreaterThan(0);
  return lines.map(({ key, reason }) => ({ key, reason }));
}

describe('a late cluster', () => {
  let simulators: Simulators;
  beforeAll(async () => {
    simulators = await startSimulators({ speed: SPEED, tensorpool: { behaviour: { names: 'not-unique' } } });
    harness = await createHarness({ simulators });
  });
  afterAll(async () => {
    await harness.stop();
    await simulators.close();
  });

  it('whose creation has ended is deleted, and booked as an overrun', async () => {
    const team = await teamOf(harness, 'ended');
    // The first send gets no reply. The second is refused, which says nothing about the first.
    await harness.control.addFaults(
      { operation: 'CreateCluster', fault: { kind: 'late-cluster', afterMs: LATE_MS } },
      { operation: 'CreateCluster', fault: { kind: 'error', type: 'ResourceLimitExceeded' } },
    );
    await harness.muster.submit(aRequest('ended', ['us-west-2'], { team }));
    await expect(harness.muster.result('ended')).rejects.toThrow();
    const creation = await latest(harness, 'ended');
    expect(creation).toMatchObject({ state: 'absent', clusterId: null });
    expect(await clustersOf('sagemaker', creation)).toEqual([]);

    await harness.control.advance(LATE_MS);
    const late = await until(async () => (await clustersOf('sagemaker', creation))[0], { what: 'the late cluster' });
    await untilGone('sagemaker', creation, late.id);
    expect(await untilClosed(harness.client, lateClusterWorkflowId(creation.key, late.id))).toBe('COMPLETED');
    await expectNothingLeft(harness, 'ended');
    expect(await latest(harness, 'ended')).toEqual(creation);
    const deletes = (await harness.control.journal('DeleteCluster')).map(({ body }) => body);
    expect(new Set(deletes.map((body) => (body as { ClusterName: string }).ClusterName))).toEqual(new Set([late.id]));
    expect(await overrunsOf(team)).toEqual([{ key: creation.key, reason: expect.stringContaining(late.id) as string }]);
    expect((await harness.ledger.reports.readBudget({ team })).balances).toMatchObject([{ heldMicros: 0 }]);
  });

  it('is deleted while the other cluster with its name stays in use', async () => {
    const team = await teamOf(harness, 'twins');
    const control = simulators.tensorpool.control;
    await control.addFaults({ operation: 'cluster.create', fault: { kind: 'late-cluster', afterMs: LATE_MS } });
    const placement = {
      provider: 'tensorpool',
      hourlyPriceMicros: 30_000_000,
      spec: { instanceType: '8xH100' },
    } as const;
    const request: ProvisioningRequestInput = { ...aRequest('twins'), team, placements: [placement] };
    await harness.muster.submit(request);
    await harness.muster.result('twins');
    const creation = await latest(harness, 'twins');

    await control.advance(LATE_MS);
    const late = await until(
      async () => (await clustersOf('tensorpool', creation)).find(({ id }) => id !== creation.clusterId),
      { what: 'the second cluster' },
    );
    await untilGone('tensorpool', creation, late.id);
    expect(await untilClosed(harness.client, lateClusterWorkflowId(creation.key, late.id))).toBe('COMPLETED');
    await untilSwept(harness.workers, { provider: 'tensorpool', region: 'global' });
    const living = (await clustersOf('tensorpool', creation)).filter(({ goneAtMs }) => goneAtMs === null);
    expect(living.map(({ id }) => id)).toEqual([creation.clusterId]);
    expect(await latest(harness, 'twins')).toMatchObject({ state: 'leased', condition: 'ready' });
    const lease = await harness.client.workflow.getHandle(leaseWorkflowId('twins', 1)).describe();
    expect(lease.status.name).toBe('RUNNING');
    expect(await overrunsOf(team)).toEqual([{ key: creation.key, reason: expect.stringContaining(late.id) as string }]);
    expect(await harness.ledger.audit()).toEqual([]);
  });
});

describe('many late clusters at once', () => {
  const LOCATION = { provider: 'sagemaker', region: 'us-west-2' };
  const IDS = Array.from({ length: CLEANUPS_PER_SWEEP + 2 }, (_, index) => `many-${index}`);
  beforeAll(async () => {
    harness = await createHarness({ cleanups: 'report' });
  });
  afterAll(() => harness.stop());

  const started = async (clusters: readonly { readonly name: string; readonly id: string }[]): Promise<number> => {
    const found = await Promise.all(
      clusters.map(({ name, id }) =>
        harness.client.workflow
          .getHandle(lateClusterWorkflowId(name, id))
          .describe()
          .then(
            () => 1,
            () => 0,
          ),
      ),
    );
    return found.reduce<number>((sum, each) => sum + each, 0);
  };

  it('are only reported if that is asked for, otherwise deleted, a few in each sweep', async () => {
    await harness.control.addFaults({ operation: 'CreateCluster', times: IDS.length, fault: { kind: 'fails' } });
    for (const id of IDS) await harness.muster.submit(aRequest(id));
    const creations = await Promise.all(IDS.map((id) => untilState(harness, id, 'absent')));
    const clusters = await Promise.all(
      creations.map(({ key }) =>
        harness.control.seedCluster({ region: LOCATION.region, name: key, tags: { [SAGEMAKER_KEY_TAG]: key } }),
      ),
    );

    const left = (workers = harness.workers) => measured(workers, LOCATION, 'needs_attention');
    await until(async () => (await left()) === IDS.length, { what: 'a report of all' });
    await untilSwept(harness.workers, LOCATION);
    expect(await started(clusters)).toBe(0);
    expect(await left()).toBe(IDS.length);

    await harness.workers.stop();
    // One sweep sees them. No later sweep succeeds.
    await harness.control.addFaults({
      operation: 'ListClusters',
      skip: 1,
      times: 'always',
      fault: { kind: 'throttle' },
    });
    const workers = await harness.startWorkers(undefined, 'start');
    await until(async () => (await measured(workers, LOCATION, 'cleanups_started_total')) > 0, { what: 'a sweep' });
    expect(await measured(workers, LOCATION, 'cleanups_started_total')).toBe(CLEANUPS_PER_SWEEP);
    expect(await left(workers)).toBe(2);
    expect(await started(clusters)).toBe(CLEANUPS_PER_SWEEP);

    await harness.control.clearFaults();
    for (const id of IDS)
      await until(async () => !!(await expectNothingLeft(harness, id)), { what: `the end of ${id}` });
    await until(async () => (await left(workers)) === 0, { what: 'nothing left' });
    expect(await started(clusters)).toBe(IDS.length);
  });
});
