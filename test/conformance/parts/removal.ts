import { describe, expect, it } from 'vitest';
import type { ProviderCase } from '../kit/case.ts';
import { leased, released } from '../kit/lease.ts';
import { created, oneTry, retried } from '../kit/life.ts';
import { clustersNamed, living } from '../kit/oracle.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';

/** A cluster that is born under a key whose story is over, or beside the one in use. */
export function lateClustersAreRemoved(providerCase: ProviderCase, books: () => Books): void {
  const { region, deleteCall, sharesNames } = providerCase;
  const stranger = providerCase.strangers('key-0').findIndex(({ unsure }) => !unsure);

  const born = async (world: World, name: string, tags = providerCase.ownTags(name)): Promise<string> =>
    (await world.control.seedCluster({ region, name, tags })).id;
  /** A key that has ended, as a thawed worker meets it. */
  const ended = async () => {
    const world = await createWorld(books(), providerCase);
    const lease = await leased(world);
    await released(world, lease);
    await world.control.clear('journal');
    return { world, lease, key: lease.key, team: lease.creation.team };
  };
  const remove = (world: World, key: string, clusterId: string) =>
    retried(() => world.steps.removeLateCluster({ key, clusterId }));
  const overruns = async (world: World, team: string): Promise<number> => {
    const journal = await world.ledger.reports.journal({ team, beforeId: null, limit: 100 });
    return (journal?.lines ?? []).filter(({ kind }) => kind === 'overrun').length;
  };

  describe('a late cluster', () => {
    it.concurrent('under a key that has ended is deleted, and booked once', async () => {
      const { world, lease, key, team } = await ended();
      const id = await born(world, key);
      // Its deletion is told that it is not found once, as while it does not show everywhere.
      await world.control.addFaults({ operation: deleteCall, fault: providerCase.vendorFaults['not found'] });
      expect(await remove(world, key, id)).toEqual({ value: undefined });
      expect(living(await clustersNamed(world, key))).toEqual([]);
      expect(await remove(world, key, id)).toEqual({ value: undefined });
      // Instances without a container are one cluster by their key, which was paid for at its release.
      expect(await overruns(world, team)).toBe(id === lease.clusterId ? 0 : 1);
      expect(await world.ledger.audit()).toEqual([]);
    });

    it.concurrent('that has gone by now is neither deleted nor booked', async () => {
      const { world, lease, key, team } = await ended();
      expect(await remove(world, key, lease.clusterId)).toEqual({ value: undefined });
      expect(await world.control.journal(deleteCall)).toEqual([]);
      expect(await overruns(world, team)).toBe(0);
    });

    it.concurrent('beside the cluster in use is deleted, and that one is not', async ({ skip }) => {
      skip(!sharesNames, 'at this provider a name is unique');
      const world = await createWorld(books(), providerCase, { sharesNames: true });
      const { key, clusterId, creation } = await leased(world);
      const id = await born(world, key);
      expect(id).not.toBe(clusterId);
      expect(await remove(world, key, id)).toEqual({ value: undefined });
      expect(living(await clustersNamed(world, key))).toEqual([clusterId]);
      expect(await world.steps.inspectCluster({ key, clusterId })).toMatchObject({ condition: 'ready' });
      expect(await world.providerLedger.read(key)).toMatchObject({ state: 'leased', clusterId });
      expect(await overruns(world, creation.team)).toBe(1);
      expect(await world.ledger.audit()).toEqual([]);
    });

    it.concurrent('is not the cluster in use, nor one that an open creation may adopt', async () => {
      const world = await createWorld(books(), providerCase);
      const { key, clusterId } = await leased(world);
      await world.steps.removeLateCluster({ key, clusterId });
      const creation = await world.open();
      const awaited = await created(world, creation);
      await world.steps.removeLateCluster({ key: creation.key, clusterId: awaited });
      await world.steps.removeLateCluster({ key: creation.key, clusterId: providerCase.unknownId });
      expect(await world.control.journal(deleteCall)).toEqual([]);
      expect(living(await clustersNamed(world, key))).toEqual([clusterId]);
    });

    it.concurrent('is not one whose name begins alike', async () => {
      const { world, key } = await ended();
      const id = await born(world, `${key}x`, providerCase.ownTags(key));
      expect(await remove(world, key, id)).toEqual({ value: undefined });
      expect(await world.control.journal(deleteCall)).toEqual([]);
    });

    it.concurrent('is not a stranger’s: the step says so, and touches nothing', async ({ skip }) => {
      skip(stranger === -1, 'at this provider no cluster of a stranger can carry our key for certain');
      const { world, key, team } = await ended();
      const id = await born(world, key, providerCase.strangers(key)[stranger]?.tags ?? {});
      const step = () => world.steps.removeLateCluster({ key, clusterId: id });
      expect(await oneTry(step)).toMatchObject({ type: 'NameTaken' });
      expect(await world.control.journal(deleteCall)).toEqual([]);
      expect(living(await clustersNamed(world, key))).toEqual([id]);
      expect(await overruns(world, team)).toBe(0);
    });

    it.concurrent('under a key that the ledger does not know is left alone', async () => {
      const world = await createWorld(books(), providerCase);
      const name = 'mu-zzzzzz-abcdefghijklmnopqrstuvwxyz';
      const id = await born(world, name);
      expect(await oneTry(() => world.steps.removeLateCluster({ key: name, clusterId: id }))).toMatchObject({
        type: 'Unknown',
      });
      expect(await world.control.journal(deleteCall)).toEqual([]);
    });
  });
}
