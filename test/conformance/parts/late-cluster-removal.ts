import { describe, expect, it } from 'vitest';
import type { ProviderCase } from '../kit/case.ts';
import { leaseCluster, releaseCluster } from '../kit/lease.ts';
import { createdCluster, oneTry, withRetries } from '../kit/creation-run.ts';
import { clustersNamed, liveIds } from '../kit/expectations.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';

/** Late clusters: under a key that has ended, or beside the leased cluster. */
export function lateClusterRemoval(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region, deleteCall, allowsDuplicateNames } = providerCase;
  const foreign = providerCase.foreignTags('key-0').findIndex(({ mayBeLate }) => !mayBeLate);

  const seed = async (world: World, name: string, tags = providerCase.ownTags(name)): Promise<string> =>
    (await world.control.seedCluster({ region, name, tags })).id;
  /** A key whose creation was leased and released. */
  const ended = async () => {
    const world = await createWorld(fixture(), providerCase);
    const lease = await leaseCluster(world);
    await releaseCluster(world, lease);
    await world.control.clear('journal');
    return { world, lease, key: lease.key, team: lease.creation.team };
  };
  const remove = (world: World, key: string, clusterId: string) =>
    withRetries(() => world.steps.removeLateCluster({ key, clusterId }));
  const overruns = async (world: World, team: string): Promise<number> => {
    const journal = await world.ledger.reports.readJournal({ team, beforeId: null, limit: 100 });
    return journal.lines.filter(({ kind }) => kind === 'overrun').length;
  };

  describe('a late cluster', () => {
    it.concurrent('under a key that has ended is deleted, and booked once', async () => {
      const { world, lease, key, team } = await ended();
      const id = await seed(world, key);
      // The first deletion gets a "not found", as while the cluster does not show everywhere.
      await world.control.addFaults({ operation: deleteCall, fault: providerCase.vendorFaults['not found'] });
      expect(await remove(world, key, id)).toEqual({ value: undefined });
      expect(liveIds(await clustersNamed(world, key))).toEqual([]);
      expect(await remove(world, key, id)).toEqual({ value: undefined });
      // An instance set with this key is the released cluster itself, which was already booked.
      expect(await overruns(world, team)).toBe(id === lease.clusterId ? 0 : 1);
      expect(await world.ledger.audit()).toEqual([]);
    });

    it.concurrent('that has gone is neither deleted nor booked', async () => {
      const { world, lease, key, team } = await ended();
      expect(await remove(world, key, lease.clusterId)).toEqual({ value: undefined });
      expect(await world.control.journal(deleteCall)).toEqual([]);
      expect(await overruns(world, team)).toBe(0);
    });

    it.concurrent('beside the leased cluster is deleted, and the leased one is not', async ({ skip }) => {
      skip(!allowsDuplicateNames, 'names are unique at this provider');
      const world = await createWorld(fixture(), providerCase, { allowsDuplicateNames: true });
      const { key, clusterId, creation } = await leaseCluster(world);
      const id = await seed(world, key);
      expect(id).not.toBe(clusterId);
      expect(await remove(world, key, id)).toEqual({ value: undefined });
      expect(liveIds(await clustersNamed(world, key))).toEqual([clusterId]);
      expect(await world.steps.inspectCluster({ key, clusterId })).toMatchObject({ condition: 'ready' });
      expect(await world.providerLedger.read(key)).toMatchObject({ state: 'leased', clusterId });
      expect(await overruns(world, creation.team)).toBe(1);
      expect(await world.ledger.audit()).toEqual([]);
    });

    it.concurrent('is neither the leased cluster nor one that an open creation may adopt', async () => {
      const world = await createWorld(fixture(), providerCase);
      const { key, clusterId } = await leaseCluster(world);
      await world.steps.removeLateCluster({ key, clusterId });
      const creation = await world.open();
      const awaited = await createdCluster(world, creation);
      await world.steps.removeLateCluster({ key: creation.key, clusterId: awaited });
      await world.steps.removeLateCluster({ key: creation.key, clusterId: providerCase.unknownId });
      expect(await world.control.journal(deleteCall)).toEqual([]);
      expect(liveIds(await clustersNamed(world, key))).toEqual([clusterId]);
    });

    it.concurrent('is not a cluster with a similar name', async () => {
      const { world, key } = await ended();
      const id = await seed(world, `${key}x`, providerCase.ownTags(key));
      expect(await remove(world, key, id)).toEqual({ value: undefined });
      expect(await world.control.journal(deleteCall)).toEqual([]);
    });

    it.concurrent('is not another owner’s: the step says so and touches nothing', async ({ skip }) => {
      skip(foreign === -1, 'at this provider any cluster with our key as its name counts as ours');
      const { world, key, team } = await ended();
      const id = await seed(world, key, providerCase.foreignTags(key)[foreign]?.tags ?? {});
      const step = () => world.steps.removeLateCluster({ key, clusterId: id });
      expect(await oneTry(step)).toMatchObject({ type: 'NameTaken' });
      expect(await world.control.journal(deleteCall)).toEqual([]);
      expect(liveIds(await clustersNamed(world, key))).toEqual([id]);
      expect(await overruns(world, team)).toBe(0);
    });

    it.concurrent('under a key that the ledger does not know is not touched', async () => {
      const world = await createWorld(fixture(), providerCase);
      const name = 'mu-zzzzzz-abcdefghijklmnopqrstuvwxyz';
      const id = await seed(world, name);
      expect(await oneTry(() => world.steps.removeLateCluster({ key: name, clusterId: id }))).toMatchObject({
        type: 'Unknown',
      });
      expect(await world.control.journal(deleteCall)).toEqual([]);
    });
  });
}
