import { expect, it } from 'vitest';
import type { ProviderCase } from '../kit/case.ts';
import { leaseCluster, releaseCluster } from '../kit/lease.ts';
import { beginClosing, createdCluster, DEADLINE_PASSED, runToEnd, settle } from '../kit/creation-run.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';

const RENAMED = 'renamed-by-somebody';

/** People rename clusters at the vendor. The recorded cluster stays ours, by its id. */
export function renamedClusters(providerCase: ProviderCase, fixture: () => Fixture): void {
  const liveIds = (world: World) => world.control.clusters({ live: true });

  it.concurrent('deletes a renamed cluster before its creation counts as absent', async ({ skip }) => {
    skip(!providerCase.allowsRenames, 'this provider does not rename clusters');
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const end = await runToEnd(world, creation);
    if (end.end !== 'ready') throw new Error(`ended ${end.end}`);
    await world.rename(end.clusterId, RENAMED);
    expect(await liveIds(world)).toMatchObject([{ id: end.clusterId, name: RENAMED }]);
    await beginClosing(world, creation, DEADLINE_PASSED);
    const settled = await settle(world, creation);
    expect(await liveIds(world)).toEqual([]);
    expect(settled.state).toBe('absent');
    expect(settled.costMicros).toBeGreaterThan(0);
    expect(await world.ledger.audit()).toEqual([]);
  });

  it.concurrent('waits for a renamed cluster', async ({ skip }) => {
    skip(!providerCase.allowsRenames, 'this provider does not rename clusters');
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    await world.rename(await createdCluster(world, creation), RENAMED);
    expect(await runToEnd(world, creation)).toMatchObject({ end: 'ready', access: { nodeCount: 2 } });
  });

  it.concurrent('finds a renamed leased cluster ready, and deletes it at its release', async ({ skip }) => {
    skip(!providerCase.allowsRenames, 'this provider does not rename clusters');
    const world = await createWorld(fixture(), providerCase);
    const lease = await leaseCluster(world);
    await world.rename(lease.clusterId, RENAMED);
    expect(await world.steps.inspectCluster(lease)).toMatchObject({ condition: 'ready' });
    expect((await releaseCluster(world, lease)).state).toBe('released');
    expect(await liveIds(world)).toEqual([]);
  });
}
