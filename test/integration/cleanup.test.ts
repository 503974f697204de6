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

/** Makes a cluster that carries a key and its owner's tag, but that no create has made. */
const seedLateCluster = async (region: string, key: string): Promise<string> =>
  (await harness.control.seedCluster({ region, name: key, tags: { [SAGEMAKER_KEY_TAG]: key } })).id;

const cleanUp: (...args: Parameters<Workflows['cleanupCreation']>) => Promise<unknown> = (input) =>
  harness.client.workflow.execute<Workflows['cleanupCreation']>('cleanupCreation', {
    workflowId: cleanupWorkflowId(input.creation.key),
    taskQueue: QUEUES.provisioning,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });

describe('a cleanup', () => {
  it('deletes the late cluster of a released key, and does not change its creation', async () => {
    const { key, region } = await leased(harness, 'late');
    await harness.muster.release('late');
    const released = await untilState(harness, 'late', 'released');
    const clusterId = await seedLateCluster(region, key);
    expect(await cleanUp({ creation: released, clusterId })).toMatchObject({ key, state: 'released' });
    const { clusters } = await expectNothingLeft(harness, 'late');
    expect(clusters).toHaveLength(2);
    expect(await latest(harness, 'late')).toMatchObject({ state: 'released', why: 'Released' });
  });

  it('does not delete the cluster of a lease, neither by its id nor as an orphan', async () => {
    const creation = await leased(harness, 'used');
    await cleanUp({ creation, clusterId: creation.clusterId ?? '' });
    await expect(cleanUp({ creation })).rejects.toThrow();
    await expectLeased(harness, 'used');
  });
});

describe('an audit of regions', () => {
  it('reports each location, or why it cannot', async () => {
    await leased(harness, 'seen');
    const { regions, unreachable } = await harness.client.workflow.execute<Workflows['auditRegions']>('auditRegions', {
      workflowId: 'audit',
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
