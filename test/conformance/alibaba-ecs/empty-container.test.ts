import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Placement } from '../../../contracts/providers/registry.ts';
import { beginClosing, DEADLINE_PASSED, runToEnd, settle } from '../kit/creation-run.ts';
import { clustersNamed, expectOneCluster, liveIds } from '../kit/expectations.ts';
import { createWorld, type Fixture, openFixture } from '../kit/world.ts';
import { alibabaEcsCase, REGION } from './case.ts';

/** A container without nodes: there is nothing to pay, to hold or to wait for. */
const emptyContainer: typeof alibabaEcsCase = {
  ...alibabaEcsCase,
  placement: () => Placement.parse({ provider: 'alibaba-ecs', region: REGION, spec: { description: 'kept empty' } }),
};

describe('alibaba-ecs, an empty HPC cluster', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await openFixture(emptyContainer);
  });
  afterAll(() => fixture.close());

  it('is ready at once, costs nothing, and is made absent like any other cluster', async () => {
    const world = await createWorld(fixture, emptyContainer);
    const creation = await world.open();
    expect(creation).toMatchObject({ hourlyMicros: 0, holdMicros: 0 });
    const end = await runToEnd(world, creation);
    if (end.end !== 'ready') throw new Error(`ended ${end.end}`);
    expect(end.access).toMatchObject({ clusterName: creation.key, nodeCount: 0, nodes: [], login: [] });
    await expectOneCluster(world, creation.key, end.clusterId);
    await beginClosing(world, creation, DEADLINE_PASSED);
    expect(await settle(world, creation)).toMatchObject({ state: 'absent', costMicros: 0 });
    expect(liveIds(await clustersNamed(world, creation.key))).toEqual([]);
  });

  it('is adopted when the reply to its create was lost', async () => {
    const world = await createWorld(fixture, emptyContainer);
    const creation = await world.open();
    const { createCall } = emptyContainer;
    await world.control.addFaults({ operation: createCall, fault: { kind: 'reset', when: 'after' } });
    expect((await runToEnd(world, creation)).end).toBe('ready');
    expect(await world.control.journal(createCall)).toHaveLength(1);
  });
});
