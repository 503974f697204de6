import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUEUES } from '../../contracts/queues.ts';
import { resetAfter, untilClosed, untilPending, untilWaiting } from '../setup/workflow-runs.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { aRequest } from '../builders/request.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { until } from '../setup/until.ts';

const HOUR_MS = 3_600_000;

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const newId = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;

/** Submits a request and waits for its end. */
async function submitted(requestId: string, regions?: string[]): Promise<{ workflowId: string; runId: string }> {
  const { workflowId, runId } = await harness.muster.submit(aRequest(requestId, regions));
  await untilClosed(harness.client, workflowId);
  return { workflowId, runId };
}

const failing = () => harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'fails' } });
const settled = (requestId: string) =>
  until(async () => (await harness.ledger.receipt(requestId)).creations.every(({ state }) => state === 'released'), {
    what: 'the release',
  });

describe('a reset', { concurrent: false }, () => {
  for (const activity of ['plan', 'openCreation', 'createCluster', 'checkReadiness', 'lease']) {
    it(`of a ready request to after ${activity} ends ready with the same cluster`, async () => {
      const requestId = newId('ready');
      const { workflowId, runId } = await submitted(requestId);
      const { live } = await expectLeased(harness, requestId);
      await resetAfter(harness.client, workflowId, runId, activity);
      expect(await untilClosed(harness.client, workflowId)).toBe('COMPLETED');
      expect((await harness.muster.result(requestId)).clusterId).toBe(live[0]?.id);
      const { clusters } = await expectLeased(harness, requestId);
      expect(clusters).toHaveLength(1);
    });
  }

  for (const activity of ['openCreation', 'createCluster']) {
    it(`of a waiting request to after ${activity} adopts its cluster`, async () => {
      const requestId = newId('waiting');
      await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'slow', extraMs: HOUR_MS } });
      const { workflowId, runId } = await harness.muster.submit(aRequest(requestId));
      await untilWaiting(harness.client, workflowId);
      await resetAfter(harness.client, workflowId, runId, activity);
      await untilWaiting(harness.client, workflowId);
      await harness.control.advance(HOUR_MS);
      expect(await untilClosed(harness.client, workflowId)).toBe('COMPLETED');
      const { clusters } = await expectLeased(harness, requestId);
      expect(clusters).toHaveLength(1);
    });
  }

  for (const activity of ['openCreation', 'createCluster', 'beginClosing']) {
    it(`of a compensating request to after ${activity} finishes making it absent`, async () => {
      const requestId = newId('closing');
      await failing();
      await harness.control.addFaults({
        operation: 'DeleteCluster',
        fault: { kind: 'delay', when: 'before', ms: 1_000 },
      });
      const { workflowId, runId } = await harness.muster.submit(aRequest(requestId));
      await untilPending(harness.client, workflowId, 'makeAbsent');
      await resetAfter(harness.client, workflowId, runId, activity);
      expect(await untilClosed(harness.client, workflowId)).toBe('FAILED');
      const { creations, clusters } = await expectNothingLeft(harness, requestId);
      expect(creations).toHaveLength(1);
      expect(clusters).toHaveLength(1);
    });
  }

  for (const activity of ['openCreation', 'createCluster', 'beginClosing', 'makeAbsent', 'settle', 'endRequest']) {
    it(`of a failed request to after ${activity} ends with nothing lost and nothing double`, async () => {
      const requestId = newId('failed');
      await failing();
      const { workflowId, runId } = await submitted(requestId);
      await expectNothingLeft(harness, requestId);
      await resetAfter(harness.client, workflowId, runId, activity);
      // A run that is reset to before its opening provisions again.
      const end = await untilClosed(harness.client, workflowId);
      await (end === 'COMPLETED' ? expectLeased : expectNothingLeft)(harness, requestId);
    });
  }

  it('of an older run, while a later one has a lease, ends ready with that cluster', async () => {
    const requestId = newId('older');
    await failing();
    const { workflowId, runId } = await submitted(requestId);
    await harness.muster.submit(aRequest(requestId), { again: true });
    expect(await untilClosed(harness.client, workflowId)).toBe('COMPLETED');
    for (const activity of ['openCreation', 'createCluster', 'beginClosing']) {
      await resetAfter(harness.client, workflowId, runId, activity);
      expect(await untilClosed(harness.client, workflowId)).toBe('COMPLETED');
    }
    const { creations, clusters } = await expectLeased(harness, requestId);
    expect(creations.map(({ state }) => state)).toEqual(['absent', 'leased']);
    expect(clusters).toHaveLength(2);
  });

  it('of an older run terminates a newer one that waits, and adopts its cluster', async () => {
    const requestId = newId('takeover');
    await failing();
    const { workflowId, runId } = await submitted(requestId);
    await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'slow', extraMs: HOUR_MS } });
    await harness.muster.submit(aRequest(requestId), { again: true });
    await untilWaiting(harness.client, workflowId);
    await resetAfter(harness.client, workflowId, runId, 'plan');
    await untilWaiting(harness.client, workflowId);
    await harness.control.advance(HOUR_MS);
    expect(await untilClosed(harness.client, workflowId)).toBe('COMPLETED');
    const { clusters } = await expectLeased(harness, requestId);
    expect(clusters).toHaveLength(2);
  });

  it('after the release does not provision again', async () => {
    const requestId = newId('released');
    const { workflowId, runId } = await submitted(requestId);
    await harness.muster.release(requestId);
    await resetAfter(harness.client, workflowId, runId, 'openCreation');
    expect(await untilClosed(harness.client, workflowId)).toBe('COMPLETED');
    await settled(requestId);
    await resetAfter(harness.client, workflowId, (await harness.muster.status(requestId)).runId, 'plan');
    expect(await untilClosed(harness.client, workflowId)).toBe('COMPLETED');
    expect((await harness.muster.result(requestId)).released).toBe(true);
    const { clusters } = await expectNothingLeft(harness, requestId);
    expect(clusters).toHaveLength(1);
  });

  it('of a cancelled request keeps it cancelled', async () => {
    const requestId = newId('cancelled');
    await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'slow', extraMs: HOUR_MS } });
    const { workflowId, runId } = await harness.muster.submit(aRequest(requestId));
    await untilWaiting(harness.client, workflowId);
    await harness.muster.cancel(requestId);
    await harness.control.advance(HOUR_MS);
    expect(await untilClosed(harness.client, workflowId)).toBe('CANCELLED');
    for (const activity of ['plan', 'openCreation', 'createCluster']) {
      await resetAfter(harness.client, workflowId, runId, activity);
      expect(await untilClosed(harness.client, workflowId)).toBe('CANCELLED');
    }
    const { clusters } = await expectNothingLeft(harness, requestId);
    expect(clusters).toHaveLength(1);
  });
});

describe('a terminate', { concurrent: false }, () => {
  for (const [activity, fault] of [
    ['createCluster', { operation: 'CreateCluster', fault: { kind: 'delay', when: 'after', ms: 500 } }],
    ['waiting', { operation: 'CreateCluster', fault: { kind: 'slow', extraMs: HOUR_MS } }],
    ['makeAbsent', { operation: 'CreateCluster', fault: { kind: 'fails' } }],
  ] as const) {
    it(`during ${activity}, then a resubmit, goes on with its creation`, async () => {
      const requestId = newId('terminated');
      await harness.control.addFaults(fault);
      if (activity === 'makeAbsent') {
        await harness.control.addFaults({
          operation: 'DeleteCluster',
          fault: { kind: 'delay', when: 'before', ms: 1_000 },
        });
      }
      const { workflowId } = await harness.muster.submit(aRequest(requestId));
      await (activity === 'waiting'
        ? untilWaiting(harness.client, workflowId)
        : untilPending(harness.client, workflowId, activity));
      await harness.client.workflow.getHandle(workflowId).terminate('test');
      expect((await harness.muster.submit(aRequest(requestId))).outcome).toBe('started');
      await harness.control.advance(HOUR_MS);
      const end = await untilClosed(harness.client, workflowId);
      expect(end).toBe(activity === 'makeAbsent' ? 'FAILED' : 'COMPLETED');
      const { clusters } = await (end === 'COMPLETED' ? expectLeased : expectNothingLeft)(harness, requestId);
      expect(clusters).toHaveLength(1);
    });
  }

  it('of a lease, then a release, still deletes the cluster', async () => {
    const requestId = newId('lease');
    await submitted(requestId);
    const { creations } = await expectLeased(harness, requestId);
    await harness.client.workflow.getHandle(creations[0]?.owner ?? '').terminate('test');
    expect((await harness.muster.release(requestId)).outcome).toBe('releasing');
    await settled(requestId);
    await expectNothingLeft(harness, requestId);
  });

  it('of a lease that releases, then a late start of it, finishes the release', async () => {
    const requestId = newId('late-lease');
    await submitted(requestId);
    const { creations } = await expectLeased(harness, requestId);
    const [creation] = creations;
    if (creation === undefined) throw new Error('no creation');
    await harness.control.addFaults({
      operation: 'DeleteCluster',
      fault: { kind: 'delay', when: 'before', ms: 1_000 },
    });
    await harness.muster.release(requestId);
    await untilPending(harness.client, creation.owner, 'makeAbsent');
    await harness.client.workflow.getHandle(creation.owner).terminate('test');
    await harness.client.workflow.start('leaseCluster', {
      workflowId: creation.owner,
      taskQueue: QUEUES.provisioning,
      args: [{ creation }],
    });
    expect(await untilClosed(harness.client, creation.owner)).toBe('COMPLETED');
    await expectNothingLeft(harness, requestId);
  });
});
