import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderRefusedError } from '../../client/errors.ts';
import { requestWorkflowId } from '../../contracts/ids.ts';
import { untilClosed, untilPending, untilWaiting } from '../setup/workflow-runs.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { aRequest } from '../builders/request.ts';
import { lockLedger } from '../setup/ledger-faults.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';
import { until } from '../setup/until.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

const HOUR_MS = 3_600_000;

/** A step that is blocked while the cancel comes. */
interface Held {
  readonly activity: string;
  /** Blocks the step. Resolves to a function that lets it go on. */
  readonly block: () => Promise<() => Promise<void>>;
}

const slowly =
  (operation: string, times: number | 'always' = 1) =>
  async (): Promise<() => Promise<void>> => {
    await harness.control.addFaults({ operation, times, fault: { kind: 'delay', when: 'after', ms: 1_000 } });
    return () => harness.control.clearFaults();
  };
const neverReady = async (): Promise<() => Promise<void>> => {
  await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'slow', extraMs: HOUR_MS } });
  return async () => {
    await harness.control.advance(HOUR_MS);
  };
};

const FORWARD: readonly Held[] = [
  { activity: 'openCreation', block: async () => (await lockLedger(harness.db)).release },
  { activity: 'createCluster', block: slowly('CreateCluster') },
  { activity: 'createCluster', block: slowly('DescribeCluster') },
  { activity: 'waiting', block: neverReady },
];

describe('a cancel', { concurrent: false }, () => {
  for (const native of [true, false]) {
    for (const [index, { activity, block }] of FORWARD.entries()) {
      it(`${native ? 'through Temporal' : 'by a client'} during ${activity} (${index}) leaves nothing behind`, async () => {
        const requestId = `cancel-${randomUUID().slice(0, 8)}`;
        const workflowId = requestWorkflowId(requestId);
        const unblock = await block();
        await harness.muster.submit(aRequest(requestId));
        await (activity === 'waiting'
          ? untilWaiting(harness.client, workflowId)
          : untilPending(harness.client, workflowId, activity));
        const cancel = native
          ? harness.client.workflow.getHandle(workflowId).cancel()
          : harness.muster.cancel(requestId, { who: 'tester', why: 'changed my mind' });
        if (activity === 'openCreation') await unblock();
        await cancel;
        if (activity === 'waiting') await unblock();
        expect(await untilClosed(harness.client, workflowId)).toBe('CANCELLED');
        await expectNothingLeft(harness, requestId);
        await expect(harness.muster.result(requestId)).rejects.toThrow('was cancelled');
      });
    }
  }

  it('during compensation ends cancelled, with nothing left and the next placement untouched', async () => {
    await harness.control.addFaults(
      { operation: 'CreateCluster', fault: { kind: 'fails' } },
      { operation: 'DeleteCluster', fault: { kind: 'delay', when: 'before', ms: 1_000 } },
    );
    await harness.muster.submit(aRequest('late-cancel', ['us-west-2', 'us-east-1']));
    await untilPending(harness.client, requestWorkflowId('late-cancel'), 'makeAbsent');
    await harness.muster.cancel('late-cancel');
    expect(await untilClosed(harness.client, requestWorkflowId('late-cancel'))).toBe('CANCELLED');
    const { creations } = await expectNothingLeft(harness, 'late-cancel');
    expect(creations).toHaveLength(1);
  });

  it('of a ready cluster is refused, and says to use release', async () => {
    await harness.muster.submit(aRequest('ready-cancel'));
    await harness.muster.result('ready-cancel');
    await expect(harness.muster.cancel('ready-cancel')).rejects.toBeInstanceOf(OrderRefusedError);
    await expectLeased(harness, 'ready-cancel');
  });

  it('of a request whose workflow was terminated starts a cleanup, and a resubmit ends cancelled', async () => {
    await harness.control.addFaults({ operation: 'CreateCluster', fault: { kind: 'slow', extraMs: HOUR_MS } });
    await harness.muster.submit(aRequest('orphan'));
    await untilWaiting(harness.client, requestWorkflowId('orphan'));
    await harness.client.workflow.getHandle(requestWorkflowId('orphan')).terminate('test');
    await harness.control.advance(HOUR_MS);
    expect((await harness.muster.cancel('orphan')).outcome).toBe('cleaning');
    await until(async () => (await harness.ledger.receipt('orphan')).creations[0]?.state === 'absent', {
      what: 'the cleanup',
    });
    await harness.muster.submit(aRequest('orphan'));
    expect(await untilClosed(harness.client, requestWorkflowId('orphan'))).toBe('CANCELLED');
    await expectNothingLeft(harness, 'orphan');
  });

  it('before the request is submitted stops it', async () => {
    expect((await harness.muster.cancel('not-yet')).outcome).toBe('recorded');
    await harness.muster.submit(aRequest('not-yet'));
    expect(await untilClosed(harness.client, requestWorkflowId('not-yet'))).toBe('CANCELLED');
    expect((await harness.ledger.receipt('not-yet')).creations).toEqual([]);
  });
});
