import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, it } from 'vitest';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { untilClosed, untilWaiting } from '../setup/workflow-runs.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { aRequest } from '../builders/request.ts';
import { cutShort, latest, leased, teamOf, untilShown, untilState } from '../setup/leases.ts';
import { until } from '../setup/until.ts';

/*
 * Records one history for each path of the workflows, into the folder of the present version: npm run record-histories.
 * The histories of released versions are never recorded again: the replay test shows whether runs of those versions can
 * go on with the present code.
 */

let folder: string;
let harness: Harness;
beforeAll(async () => {
  const root = projectRoot();
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  const [major, minor] = version.split('.');
  folder = path.join(root, 'test', 'replay', 'histories', `${major ?? ''}.${minor ?? ''}`);
  await mkdir(folder, { recursive: true });
  harness = await createHarness();
});
afterAll(() => harness.stop());

async function save(name: string, workflowId: string, runId?: string): Promise<void> {
  if (runId === undefined) await untilClosed(harness.client, workflowId);
  const history = await harness.client.workflow.getHandle(workflowId, runId).fetchHistory();
  // A replay does not read what says where a history was recorded: stacks, and names of processes.
  const json: unknown = JSON.parse(historyToJSON(history), (field, value: unknown) => {
    if (field === 'stackTrace' || field === 'identity') return undefined;
    return field === 'name' && typeof value === 'string' && /^\d+@/.test(value) ? 'sticky' : value;
  });
  await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(json, null, 1)}\n`);
}

const HOUR_MS = 3_600_000;

it('records a request that becomes ready, its lease, an extension and the release', async () => {
  await harness.muster.submit(aRequest('ready'));
  const { leaseWorkflowId } = await harness.muster.result('ready');
  await harness.muster.extend('ready', { byMs: HOUR_MS }, { orderId: 'extend' });
  await harness.muster.release('ready', { orderId: 'release' });
  await save('ready', requestWorkflowId('ready'));
  await save('lease-extended', leaseWorkflowId);
  await save('extend-order', 'extendRequest/ready/extend');
  await save('release-order', 'releaseRequest/ready/release');
});

it('records a lease that parks when its next slice is refused, and goes on when the budget has room', async () => {
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

it('records a lease whose cluster vanishes, so that its request is provisioned again', async () => {
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
  await harness.muster.submit(aRequest('broke', ['us-west-2'], { team: 'without-a-budget' }));
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
