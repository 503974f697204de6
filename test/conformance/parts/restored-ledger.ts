import { expect, it } from 'vitest';
import type { ProviderCase } from '../kit/case.ts';
import { beginClosing, createdCluster, DEADLINE_PASSED, oneTry, settle } from '../kit/creation-run.ts';
import { clustersNamed, expectOneCluster, expectSettled } from '../kit/expectations.ts';
import { createWorld, type Fixture } from '../kit/world.ts';

/** A ledger that was restored from a backup may lack a send and its cluster. The cluster is neither lost nor doubled. */
export function restoredLedgers(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region, createCall } = providerCase;

  it('finds and deletes a cluster whose send a restored ledger does not have', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    await world.control.seedCluster({ region, name: key, tags: providerCase.ownTags(key) });
    await beginClosing(world, creation, DEADLINE_PASSED);
    expect(await oneTry(() => world.steps.makeAbsent({ key }))).not.toBe('done');
    // A cluster that was found stays recorded when the next search fails.
    const fault = providerCase.vendorFaults['access denied'];
    await world.control.addFaults({ operation: providerCase.listCall, fault, times: 'always' });
    expect(await oneTry(() => world.steps.makeAbsent({ key }))).not.toBe('done');
    await world.control.clearFaults();
    await expectSettled(world, await settle(world, creation));
    expect(await clustersNamed(world, key)).toHaveLength(1);
  });

  it('adopts the awaited cluster that a restored ledger does not have', async () => {
    const world = await createWorld(fixture(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    const { id } = await world.control.seedCluster({ region, name: key, tags: providerCase.ownTags(key) });
    const check = (clusterId: string) => oneTry(() => world.steps.checkReadiness({ key, clusterId }));
    expect(await check(id)).toMatchObject({ type: 'CreationClosed' });
    expect(await createdCluster(world, creation)).toBe(id);
    expect(await check(id)).toBe('done');
    // The same when it has recorded another cluster.
    expect(await check(providerCase.unknownId)).toMatchObject({ type: 'CreationClosed' });
    await expectOneCluster(world, key, id);
    expect(await world.control.journal(createCall)).toEqual([]);
  });

  it('creates no second cluster while the one that a restored ledger does not have does not show', async () => {
    const world = await createWorld(fixture(), providerCase);
    const { key } = await world.open();
    const readiness = await world.steps.checkReadiness({ key, clusterId: providerCase.unknownId });
    expect(readiness).toMatchObject({
      kind: 'not-ready',
      detail: expect.stringContaining('no cluster shows') as string,
    });
    expect(await world.control.clusters()).toEqual([]);
  });
}
