import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderRefusedError } from '../../client/errors.ts';
import type { Creation } from '../../contracts/creation.ts';
import { cleanupWorkflowId, leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import type { Trace } from '../../contracts/reports.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { untilClosed } from '../setup/workflow-runs.ts';
import { latest, teamOf, untilState } from '../setup/leases.ts';
import { loseRequest } from '../setup/lose-rows.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';
import { measured, untilSwept } from '../setup/sweeps.ts';
import { until } from '../setup/until.ts';

/*
 * A ledger that was restored from an older backup. Clusters, their workflows and Temporal's histories still exist, but the ledger
 * does not know them.
 */

const HOUR_MS = 3_600_000;

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const locationOf = ({ provider, region }: Creation) => ({ provider, region });
const runOf = async (workflowId: string) => harness.client.workflow.getHandle(workflowId).describe();
const deletesAt = async ({ region }: Creation): Promise<number> =>
  (await harness.control.journal('DeleteCluster')).filter((call) => call.region === region).length;

/** Submits a request with its own region and team. Its cluster is not ready until the test makes it ready. */
async function waiting(requestId: string, region: string): Promise<Creation> {
  await harness.control.addFaults({ operation: 'CreateCluster', match: { region }, fault: { kind: 'never-ready' } });
  const request = aRequest(requestId, [region], { team: await teamOf(harness, requestId) });
  const price = { hourlyPriceMicros: 2_000_000 };
  await harness.muster.submit({ ...request, placements: request.placements.map((each) => ({ ...each, ...price })) });
  return until(
    async () => {
      const creation = await latest(harness, requestId);
      return creation.clusterId !== null && creation;
    },
    { what: `the cluster of ${requestId}` },
  );
}

const makeReady = ({ region, key }: Creation): Promise<void> =>
  harness.control.setStatus({ region, name: key, status: 'InService' });

async function leased(requestId: string, region: string): Promise<Creation> {
  await makeReady(await waiting(requestId, region));
  await harness.muster.result(requestId);
  return latest(harness, requestId);
}

/** What Temporal knows of a creation. Visibility knows it after a moment. */
const traceOf = ({ key, clusterId }: Creation): Promise<Trace> =>
  until(() => harness.muster.trace({ key, clusterId: clusterId ?? '' }), { what: `a trace of ${key}` });

/** Loses the row, waits until the monitor has reported the stray and changed nothing, and restores the row. */
async function loseAndRestore(creation: Creation): Promise<Creation> {
  const trace = await traceOf(creation);
  await loseRequest(harness.db, creation);
  await until(async () => (await measured(harness.workers, locationOf(creation), 'strays')) === 1, { what: 'a stray' });
  await untilSwept(harness.workers, locationOf(creation));
  expect((await harness.ledger.receipt(creation.requestId)).creations).toEqual([]);
  return harness.muster.restore(trace);
}

const untilConsistent = (creation: Creation): Promise<unknown> =>
  until(
    async () => {
      const { ledger, temporal, regions, unreachable } = await harness.muster.auditAll([locationOf(creation)]);
      const all = [...ledger, ...temporal.filter((each) => each.includes(creation.key)), ...unreachable];
      const found = regions.flatMap(({ findings }) => findings);
      if (all.length + found.length === 0) return true;
      throw new Error(JSON.stringify([...all, ...found]));
    },
    { what: 'an audit without findings' },
  );

describe.concurrent('a request that the ledger has lost', () => {
  it('is restored: its lease goes on, can be extended, and its release is settled', async () => {
    const before = await leased('used', 'eu-west-1');
    const lease = leaseWorkflowId('used', 1);
    const { runId } = await runOf(lease);
    const restored = await loseAndRestore(before);
    expect(restored).toMatchObject({ state: 'leased', key: before.key, clusterId: before.clusterId, owner: lease });
    await untilSwept(harness.workers, locationOf(before));
    expect((await runOf(lease)).runId).toBe(runId);
    await untilConsistent(before);
    await expectLeased(harness, 'used');

    await harness.ledger.setBudget('used', 'total', restored.holdMicros, 'test');
    await expect(harness.muster.extend('used', { byMs: HOUR_MS })).rejects.toBeInstanceOf(OrderRefusedError);
    await harness.ledger.setBudget('used', 'total', restored.holdMicros + HOUR_MS * 1_000, 'test');
    const { creation } = await harness.muster.extend('used', { byMs: HOUR_MS });
    expect(creation.leaseUntilMs).toBe((restored.leaseUntilMs ?? 0) + HOUR_MS);

    expect(await deletesAt(before)).toBe(0);
    await harness.muster.release('used');
    await untilState(harness, 'used', 'released');
    await expectNothingLeft(harness, 'used');
    expect((await harness.ledger.reports.readBudget({ team: 'used' })).balances).toMatchObject([{ heldMicros: 0 }]);
  });

  it('is restored while its lease does not run: the lease is started again', async () => {
    const before = await leased('unowned', 'eu-west-2');
    const lease = leaseWorkflowId('unowned', 1);
    await harness.client.workflow.getHandle(lease).terminate('the test');
    await loseAndRestore(before);
    await until(async () => (await runOf(lease)).status.name === 'RUNNING', { what: 'the lease' });
    await untilConsistent(before);
    await expectLeased(harness, 'unowned');
    expect(await deletesAt(before)).toBe(0);
  });

  it('is restored while it waits: it gets its lease with the same cluster', async () => {
    const before = await waiting('open', 'eu-west-3');
    const restored = await loseAndRestore(before);
    expect(restored).toMatchObject({ state: 'open', key: before.key, clusterId: before.clusterId });
    await untilConsistent(before);
    await makeReady(before);
    expect((await harness.muster.result('open')).clusterId).toBe(before.clusterId);
    const { clusters } = await expectLeased(harness, 'open');
    expect(clusters).toHaveLength(1);
    expect(await deletesAt(before)).toBe(0);
    await harness.muster.release('open');
    await untilState(harness, 'open', 'released');
    await expectNothingLeft(harness, 'open');
  });

  it('is restored after its workflow was terminated: it is cleaned up', async () => {
    const before = await waiting('orphan', 'eu-north-1');
    // The run shows the cluster a moment later than the ledger.
    await traceOf(before);
    await harness.client.workflow.getHandle(requestWorkflowId('orphan')).terminate('the test');
    await loseAndRestore(before);
    await makeReady(before);
    await untilState(harness, 'orphan', 'absent');
    await expectNothingLeft(harness, 'orphan');
    expect(await untilClosed(harness.client, cleanupWorkflowId(before.key))).toBe('COMPLETED');
  });
});
