import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanupWorkflowId } from '../../contracts/ids.ts';
import type { Workflows } from '../../contracts/messages.ts';
import { SAGEMAKER_KEY_TAG } from '../../contracts/providers/sagemaker.ts';
import { QUEUES } from '../../contracts/queues.ts';
import { createHarness, type Harness } from '../setup/harness.ts';
import { latest, leased, untilState } from '../setup/leases.ts';
import { expectLeased, expectNothingLeft } from '../setup/expect-request.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await createHarness();
});
afterAll(() => harness.stop());

/** A cluster that wears a key, with its owner's tag, and that no create has made. */
const born = async (region: string, key: string): Promise<string> =>
  (await harness.control.seedCluster({ region, name: key, tags: { [SAGEMAKER_KEY_TAG]: key } })).id;

const cleanUp: (...args: Parameters<Workflows['cleanupCreation']>) => Promise<unknown> = (input) =>
  harness.client.workflow.execute<Workflows['cleanupCreation']>('cleanupCreation', {
    workflowId: cleanupWorkflowId(input.creation.key),
    taskQueue: QUEUES.provisioning,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });

describe('a cleanup', () => {
  it('removes the one cluster that was born too late under a released key, and leaves its creation as it was', async () => {
    const { key, region } = await leased(harness, 'late');
    await harness.muster.release('late');
    const released = await untilState(harness, 'late', 'released');
    const clusterId = await born(region, key);
    expect(await cleanUp({ creation: released, clusterId })).toMatchObject({ key, state: 'released' });
    const { clusters } = await expectNothingLeft(harness, 'late');
    expect(clusters).toHaveLength(2);
    expect(await latest(harness, 'late')).toMatchObject({ state: 'released', why: 'Released' });
  });

  it('never removes the cluster of a lease, neither by its id nor as an orphan', async () => {
    const creation = await leased(harness, 'used');
    await cleanUp({ creation, clusterId: creation.clusterId ?? '' });
    await expect(cleanUp({ creation })).rejects.toThrow();
    await expectLeased(harness, 'used');
  });
});

describe('a survey', () => {
  it('tells of the places that it sees, and why it does not see the others', async () => {
    await leased(harness, 'seen');
    const { regions, unreachable } = await harness.client.workflow.execute<Workflows['auditRegions']>('auditRegions', {
      workflowId: 'survey',
      taskQueue: QUEUES.provisioning,
      args: [
        {
          locations: [
            { provider: 'sagemaker', region: 'us-west-2' },
            { provider: 'nobody', region: 'x' },
          ],
        },
      ],
    });
    expect(regions).toMatchObject([{ provider: 'sagemaker', region: 'us-west-2' }]);
    expect(regions[0]?.active).toBeGreaterThan(0);
    expect(unreachable).toEqual([{ provider: 'nobody', region: 'x', why: 'no worker polls provider.nobody' }]);
  });
});
