import { expect, it } from 'vitest';
import type { ProviderCase } from '../kit/case.ts';
import { leased, released } from '../kit/lease.ts';
import { CANCELLED, close, created, live, settle } from '../kit/life.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';

const RENAMED = 'kept-by-somebody';

/** People rename clusters at the vendor: the one that was recorded as ours stays ours, by its id. */
export function renamesHideNothing(providerCase: ProviderCase, books: () => Books): void {
  const living = (world: World) => world.control.clusters({ live: true });

  it.concurrent('deletes a renamed cluster before its creation counts as absent', async ({ skip }) => {
    skip(!providerCase.renames, 'this provider renames no clusters');
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const end = await live(world, creation);
    if (end.end !== 'ready') throw new Error(`ended ${end.end}`);
    await world.rename(end.clusterId, RENAMED);
    expect(await living(world)).toMatchObject([{ id: end.clusterId, name: RENAMED }]);
    await close(world, creation, CANCELLED);
    const settled = await settle(world, creation);
    expect(await living(world)).toEqual([]);
    expect(settled.state).toBe('absent');
    expect(settled.costMicros).toBeGreaterThan(0);
    expect(await world.ledger.audit()).toEqual([]);
  });

  it.concurrent('waits for a renamed cluster', async ({ skip }) => {
    skip(!providerCase.renames, 'this provider renames no clusters');
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    await world.rename(await created(world, creation), RENAMED);
    expect(await live(world, creation)).toMatchObject({ end: 'ready', access: { nodeCount: 2 } });
  });

  it.concurrent('finds a renamed cluster in use ready, and deletes it at its release', async ({ skip }) => {
    skip(!providerCase.renames, 'this provider renames no clusters');
    const world = await createWorld(books(), providerCase);
    const lease = await leased(world);
    await world.rename(lease.clusterId, RENAMED);
    expect(await world.steps.inspectCluster(lease)).toMatchObject({ condition: 'ready' });
    expect((await released(world, lease)).state).toBe('released');
    expect(await living(world)).toEqual([]);
  });
}
