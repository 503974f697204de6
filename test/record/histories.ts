import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, it } from 'vitest';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { untilClosed, untilWaiting } from '../setup/workflow-runs.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { aRequest } from '../builders/request.ts';
import { cutShort, latest, leased, teamOf, untilShown, untilState } from '../setup/leases.ts';
import { until } from '../setup/until.ts';

/*
 * Records a history of each path: npm run record-histories. Run it on purpose, when a change of the workflows is meant
 * to leave old histories behind; the replay test then shows what the change would do to runs that are under way.
 */

const FOLDER = path.join(import.meta.dirname, '..', 'replay', 'histories');

let harness: Harness;
beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  harness = await createHarness();
});
afterAll(() => harness.stop());

async function save(name: string, workflowId: string, runId?: string): Promise<void> {
  if (runId === undefined) await untilClosed(harness.client, workflowId);
  const history = await harness.client.workflow.getHandle(workflowId, runId).fetchHistory();
  // Where it was recorded is nobody's business, and a replay does not read it.
  const json: unknown = JSON.parse(historyToJSON(history), (field, value: unknown) =>
    field === 'stackTrace' || field === 'identity' ? undefined : value,
  );
  await writeFile(path.join(FOLDER, `${name}.json`), `${JSON.stringify(json, null, 1)}\n`);
}

const HOUR_MS = 3_600_000;

it('records ready, its lease, its extension and its release', async () => {
  await harness.muster.submit(aRequest('ready'));
  const { leaseWorkflowId } = await harness.muster.result('ready');
  await harness.muster.extend('ready', { byMs: HOUR_MS }, { orderId: 'extend' });
  await harness.muster.release('ready', { orderId: 'release' });
  await save('ready', requestWorkflowId('ready'));
  await save('lease-extended', leaseWorkflowId);
  await save('extend-order', 'extendRequest/ready/extend');
  await save('release-order', 'releaseRequest/ready/release');
});

it('records a lease whose slice is refused, and that parks until there is room', async () => {
  await leased(harness, 'unfunded', {
    team: await teamOf(harness, 'poor'),
    durationMs: undefined,
    policies: { onUnfunded: 'park' },
  });
  await harness.ledger.setBudget('poor', 'total', 0, 'test');
  const creation = await cutShort(harness, 'unfunded', { leftMs: 4_000 });
  await untilShown(harness, creation, 'parked', 'Unfunded');
  await teamOf(harness, 'poor');
  await untilShown(harness, creation, 'leased', null);
  await harness.muster.release('unfunded');
  await save('lease-unfunded', creation.owner);
});

it('records a lease whose cluster vanishes, and its request provisioned again', async () => {
  const creation = await leased(harness, 'broken', { policies: { onBroken: 'reprovision' } });
  await harness.control.vanish({ region: creation.region, name: creation.key });
  await save('lease-reprovisioned', creation.owner);
  const again = await until(
    async () => {
      const found = await latest(harness, 'broken');
      return found.number === 2 && found.state === 'leased' && found;
    },
    { what: 'the second lease' },
  );
  await harness.muster.release('broken');
  await untilState(harness, again.requestId, 'released');
});

it('records a monitor', async () => {
  await harness.client.workflow.getHandle('monitor/sagemaker/us-west-2').terminate('recorded');
  const { runId } = await harness.client.workflow.getHandle('monitor/sagemaker/us-west-2').describe();
  await save('monitor', 'monitor/sagemaker/us-west-2', runId);
});

it('records a second placement, a refusal and an adoption', async () => {
  await harness.control.addFaults({
    operation: 'CreateCluster',
    fault: { kind: 'no-capacity' },
    match: { region: 'us-east-1' },
  });
  await harness.muster.submit(aRequest('second', ['us-east-1', 'us-west-2']));
  await save('second-placement', requestWorkflowId('second'));
  await harness.control.addFaults({
    operation: 'CreateCluster',
    fault: { kind: 'error', type: 'ResourceLimitExceeded' },
  });
  await harness.muster.submit(aRequest('refused'));
  await save('refused', requestWorkflowId('refused'));
  await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'reset', when: 'after' } });
  await harness.muster.submit(aRequest('adopted'));
  await save('adopted', requestWorkflowId('adopted'));
});

it('records a compensation and a request without a budget', async () => {
  await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'fails' } });
  await harness.muster.submit(aRequest('failed'));
  await save('compensated', requestWorkflowId('failed'));
  await harness.muster.submit(aRequest('broke', ['us-west-2'], { team: 'nobody' }));
  await save('budget-exceeded', requestWorkflowId('broke'));
});

it('records a cancel, and the cleanup after a terminate', async () => {
  await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'slow', extraMs: HOUR_MS } });
  await harness.muster.submit(aRequest('cancelled'));
  await untilWaiting(harness.client, requestWorkflowId('cancelled'));
  await harness.muster.cancel('cancelled', { orderId: 'cancel' });
  await harness.control.advance(HOUR_MS);
  await save('cancelled', requestWorkflowId('cancelled'));
  await save('cancel-order', 'cancelRequest/cancelled/cancel');

  await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'slow', extraMs: HOUR_MS } });
  await harness.muster.submit(aRequest('orphan'));
  await untilWaiting(harness.client, requestWorkflowId('orphan'));
  await harness.client.workflow.getHandle(requestWorkflowId('orphan')).terminate();
  await harness.muster.cancel('orphan');
  await harness.control.advance(HOUR_MS);
  const {
    creations: [creation],
  } = await harness.ledger.receipt('orphan');
  await until(async () => (await harness.ledger.receipt('orphan')).creations[0]?.state === 'absent', {
    what: 'the cleanup',
  });
  await save('cleanup', `cleanup/${creation?.key ?? ''}`);
});

it('records a budget order', async () => {
  await harness.muster.setBudget('recorded', 'month', 1_000_000);
  const orders = harness.client.workflow.list({ query: "WorkflowId STARTS_WITH 'setBudget/'" });
  await until(
    async () => {
      for await (const { workflowId } of orders) {
        await save('budget-order', workflowId);
        return true;
      }
      return false;
    },
    { what: 'the budget order' },
  );
});
