import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { cleanupWorkflowId, leaseWorkflowId, requestWorkflowId } from '../../contracts/ids.ts';
import type { FaultRuleInput } from '../../simulators/index.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { untilClosed, untilPending } from '../setup/workflow-runs.ts';
import { latest, teamOf, untilState } from '../setup/leases.ts';
import { breakFunction, lockLedger, lockRequest } from '../setup/ledger-faults.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { aRequest } from '../builders/request.ts';
import { untilSwept } from '../setup/sweeps.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

/** Submits a request with its own region, so that its faults hit no other request, and its own team. */
async function submit(requestId: string, region: string): Promise<void> {
  const request = aRequest(requestId, [region], { team: await teamOf(harness, requestId) });
  const price = { hourlyPriceMicros: 2_000_000 };
  await harness.muster.submit({ ...request, placements: request.placements.map((each) => ({ ...each, ...price })) });
}

const addFaults = (region: string, operation: string, fault: FaultRuleInput['fault']) =>
  harness.control.addFaults({ operation, match: { region }, fault });

const terminate = (workflowId: string) => harness.client.workflow.getHandle(workflowId).terminate('the test');

const describeRun = (workflowId: string) => harness.client.workflow.getHandle(workflowId).describe();

/** Waits until another run of the workflow has started. */
const untilRunAgain = (workflowId: string, runId: string): Promise<unknown> =>
  until(
    async () => {
      const run = await describeRun(workflowId);
      return run.runId !== runId && run.status.name === 'RUNNING';
    },
    { what: `another run of ${workflowId}` },
  );

const untilMade = (requestId: string): Promise<Creation> =>
  until(
    async () => {
      const creation = await latest(harness, requestId);
      return creation.clusterId !== null && creation;
    },
    { what: `the cluster of ${requestId}` },
  );

/** Submits a request whose cluster is not ready, and cannot be deleted, until the test makes it ready. */
const waiting = async (requestId: string, region: string): Promise<Creation> => {
  await addFaults(region, 'CreateCluster', { kind: 'never-ready' });
  await submit(requestId, region);
  return untilMade(requestId);
};
const makeReady = ({ region, key }: Creation): Promise<void> =>
  harness.control.setStatus({ region, name: key, status: 'InService' });

const callsAbout = async (operation: string, { key }: Creation): Promise<number> =>
  (await harness.control.journal(operation)).filter(({ body }) => JSON.stringify(body).includes(key)).length;

/** Waits until the monitor has it cleaned up, by a workflow whose summary says so. */
async function expectCleanedUp(requestId: string): Promise<void> {
  await until(async () => ['absent', 'refused'].includes((await latest(harness, requestId)).state), {
    what: `the end of the creation of ${requestId}`,
  });
  const { creations } = await expectNothingLeft(harness, requestId);
  expect(creations).toHaveLength(1);
  expect((await harness.ledger.reports.readBudget({ team: requestId })).balances).toMatchObject([{ heldMicros: 0 }]);
  const workflowId = cleanupWorkflowId(creations[0]?.key ?? '');
  expect(await untilClosed(harness.client, workflowId)).toBe('COMPLETED');
  expect(await (await describeRun(workflowId)).staticSummary()).toBe(`Cleanup of ${requestId}, number 1`);
  expect((await describeRun(requestWorkflowId(requestId))).status.name).toBe('TERMINATED');
}

/** The moment at which a request is terminated. `reach` may resolve to a function that lets its cluster go on. */
interface Moment {
  readonly region: string;
  readonly reach: (requestId: string, region: string) => Promise<(() => Promise<unknown>) | undefined>;
}

const MOMENTS: Readonly<Record<string, Moment>> = {
  'looks for its cluster before it sends': {
    region: 'eu-west-1',
    reach: async (requestId, region) => {
      await addFaults(region, 'DescribeCluster', { kind: 'hang' });
      await submit(requestId, region);
      await untilPending(harness.client, requestWorkflowId(requestId), 'createCluster');
      return undefined;
    },
  },
  'waits for the reply to its create': {
    region: 'eu-west-2',
    reach: async (requestId, region) => {
      await addFaults(region, 'CreateCluster', { kind: 'hang', when: 'after' });
      await submit(requestId, region);
      const isCreated = async () => (await harness.control.clusters()).some((cluster) => cluster.region === region);
      await until(isCreated, { what: 'the cluster' });
      return undefined;
    },
  },
  waits: {
    region: 'eu-west-3',
    reach: async (requestId, region) => {
      const creation = await waiting(requestId, region);
      return () => makeReady(creation);
    },
  },
  'makes its cluster absent': {
    region: 'eu-north-1',
    reach: async (requestId, region) => {
      await addFaults(region, 'CreateCluster', { kind: 'fails' });
      await addFaults(region, 'DeleteCluster', { kind: 'hang' });
      await submit(requestId, region);
      await untilPending(harness.client, requestWorkflowId(requestId), 'makeAbsent');
      return undefined;
    },
  },
};

describe.concurrent('a request that is terminated while it', () => {
  for (const [moment, { region, reach }] of Object.entries(MOMENTS)) {
    it(`${moment}, is cleaned up`, async () => {
      const requestId = `terminated-${region}`;
      const goOn = await reach(requestId, region);
      await terminate(requestWorkflowId(requestId));
      await goOn?.();
      await expectCleanedUp(requestId);
    });
  }

  it('waits, and is submitted again soon, goes on with its cluster', async () => {
    const location = { provider: 'sagemaker', region: 'eu-central-1' };
    const creation = await waiting('again', location.region);
    await terminate(requestWorkflowId('again'));
    await untilSwept(harness.workers, location);
    await submit('again', location.region);
    await makeReady(creation);
    expect((await harness.muster.result('again')).clusterId).toBe(creation.clusterId);
    const { clusters } = await expectLeased(harness, 'again');
    expect(clusters).toHaveLength(1);
    await untilSwept(harness.workers, location);
    await expect(describeRun(cleanupWorkflowId(creation.key))).rejects.toThrow('not found');
    expect(await callsAbout('DeleteCluster', creation)).toBe(0);
  });
});

describe('a request that is terminated while the ledger', () => {
  it('opens its creation, is cleaned up', async () => {
    const lock = await lockLedger(harness.db);
    try {
      await submit('opening', 'sa-east-1');
      await lock.untilBlocks('open_creation');
      await terminate(requestWorkflowId('opening'));
    } finally {
      await lock.release();
    }
    await expectCleanedUp('opening');
  });

  it('settles it, is cleaned up', async () => {
    const fix = await breakFunction(harness.db, 'settle');
    await addFaults('sa-east-1', 'CreateCluster', { kind: 'fails' });
    await submit('settling', 'sa-east-1');
    await untilPending(harness.client, requestWorkflowId('settling'), 'settle');
    await terminate(requestWorkflowId('settling'));
    await fix();
    await expectCleanedUp('settling');
  });

  it('leases its cluster, still gets its lease, because the step completes', async () => {
    const creation = await waiting('leasing', 'ca-central-1');
    const lock = await lockRequest(harness.db, 'leasing');
    try {
      await makeReady(creation);
      await lock.untilBlocks('lease');
      await terminate(requestWorkflowId('leasing'));
    } finally {
      await lock.release();
    }
    await untilState(harness, 'leasing', 'leased');
    await until(() => describeRun(leaseWorkflowId('leasing', 1)), { what: 'the lease' });
    await expectLeased(harness, 'leasing');
    expect(await callsAbout('DeleteCluster', creation)).toBe(0);
  });
});

describe.concurrent('a workflow that is terminated', () => {
  it('is started again if it is a lease, and its cluster lives on', async () => {
    const creation = await waiting('leased', 'ap-south-1');
    await makeReady(creation);
    await harness.muster.result('leased');
    const workflowId = leaseWorkflowId('leased', 1);
    const { runId } = await describeRun(workflowId);
    await terminate(workflowId);
    await untilRunAgain(workflowId, runId);
    await untilSwept(harness.workers, { provider: 'sagemaker', region: 'ap-south-1' });
    const { clusters } = await expectLeased(harness, 'leased');
    expect(clusters).toHaveLength(1);
    expect(await callsAbout('DeleteCluster', creation)).toBe(0);
  });

  it('is started again if it is a cleanup, and completes it', async () => {
    const creation = await waiting('half-way', 'ap-south-2');
    await terminate(requestWorkflowId('half-way'));
    const workflowId = cleanupWorkflowId(creation.key);
    // The provider refuses the delete while the cluster is created.
    await untilPending(harness.client, workflowId, 'makeAbsent', 2);
    const { runId } = await describeRun(workflowId);
    await terminate(workflowId);
    await untilRunAgain(workflowId, runId);
    await makeReady(creation);
    await expectCleanedUp('half-way');
  });
});
