import { expect, it } from 'vitest';
import type { ProviderCase } from '../kit/case.ts';
import { CANCELLED, close, created, oneTry, settle } from '../kit/life.ts';
import { clustersNamed, expectOne, expectSettled } from '../kit/oracle.ts';
import { createWorld, type Books } from '../kit/world.ts';

/** A ledger that was set back by seconds knows of no send, and of no cluster: what it forgot is neither lost nor doubled. */
export function setBackLosesNothing(providerCase: ProviderCase, books: () => Books): void {
  const { region, createCall } = providerCase;

  it('looks for what a ledger that was set back forgot to have sent, and deletes it', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    await world.control.seedCluster({ region, name: key, tags: providerCase.ownTags(key) });
    await close(world, creation, CANCELLED);
    expect(await oneTry(() => world.steps.makeAbsent({ key }))).not.toBe('done');
    // What was found once is not forgotten where the next look cannot be made.
    const fault = providerCase.vendorFaults['access denied'];
    await world.control.addFaults({ operation: providerCase.listCall, fault, times: 'always' });
    expect(await oneTry(() => world.steps.makeAbsent({ key }))).not.toBe('done');
    await world.control.clearFaults();
    await expectSettled(world, await settle(world, creation));
    expect(await clustersNamed(world, key)).toHaveLength(1);
  });

  it('adopts the cluster that a ledger forgot which was set back, when somebody waits for it', async () => {
    const world = await createWorld(books(), providerCase);
    const creation = await world.open();
    const { key } = creation;
    const { id } = await world.control.seedCluster({ region, name: key, tags: providerCase.ownTags(key) });
    const look = (clusterId: string) => oneTry(() => world.steps.checkReadiness({ key, clusterId }));
    expect(await look(id)).toMatchObject({ type: 'CreationClosed' });
    expect(await created(world, creation)).toBe(id);
    expect(await look(id)).toBe('done');
    // The same where it has recorded another by then.
    expect(await look(providerCase.unknownId)).toMatchObject({ type: 'CreationClosed' });
    await expectOne(world, key, id);
    expect(await world.control.journal(createCall)).toEqual([]);
  });

  it('makes no second cluster while the one that a ledger forgot does not show', async () => {
    const world = await createWorld(books(), providerCase);
    const { key } = await world.open();
    const seen = await world.steps.checkReadiness({ key, clusterId: providerCase.unknownId });
    expect(seen).toMatchObject({ kind: 'not-ready', detail: expect.stringContaining('no cluster shows') as string });
    expect(await world.control.clusters()).toEqual([]);
  });
}
