import { describe, expect, it } from 'vitest';
import type { PricedUnit } from '../../../contracts/providers/definition.ts';
import { definitionOf } from '../../../contracts/providers/registry.ts';
import { clusterPrice } from '../../../activities/providers/cluster-price.ts';
import { until } from '../../setup/until.ts';
import type { ProviderCase } from '../kit/case.ts';
import { beginRelease, leaseCluster, type LeasedCluster, readCreation, releaseCluster } from '../kit/lease.ts';
import { oneTry } from '../kit/creation-run.ts';
import { expectOneCluster } from '../kit/expectations.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';

const NO_GET = 'this provider has no call for a single cluster';

/** Inspects a leased cluster. @returns the result, and the condition that the ledger has recorded */
async function inspect(world: World, lease: LeasedCluster) {
  const { condition, detail } = await world.steps.inspectCluster(lease);
  return { condition, detail, recorded: (await readCreation(world, lease)).condition };
}

/** Inspects until the cluster counts as gone: a new cluster that does not show is not given up at once. */
export async function untilGone(world: World, lease: LeasedCluster): Promise<void> {
  await until(async () => (await world.steps.inspectCluster(lease)).condition === 'gone', {
    what: 'an inspection that finds it gone',
  });
  expect(await readCreation(world, lease)).toMatchObject({ condition: 'gone' });
}

const both = (condition: string) => ({ condition, recorded: condition });

/** A leased cluster's new condition is confirmed and recorded. */
export function leases(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region, getCall } = providerCase;
  const inUse = async (options = {}) => {
    const world = await createWorld(fixture(), providerCase, options);
    return { world, lease: await leaseCluster(world) };
  };

  it.concurrent('finds a cluster ready, and writes nothing while nothing changes', async () => {
    const { world, lease } = await inUse();
    const before = await readCreation(world, lease);
    expect(await inspect(world, lease)).toMatchObject(both('ready'));
    expect(await readCreation(world, lease)).toEqual(before);
    await expectOneCluster(world, lease.key, lease.clusterId, 'leased');
  });

  it.concurrent('finds it degraded while a node is missing, and ready again', async () => {
    const { world, lease } = await inUse();
    const name = lease.key;
    await world.control.setRunningNodes({ region, name, nodes: 1 });
    const seen = await inspect(world, lease);
    expect(seen).toMatchObject(both('degraded'));
    expect(seen.detail).toContain('1 of 2 nodes in service');
    expect(await readCreation(world, lease)).toMatchObject({ conditionText: seen.detail });
    await world.control.setRunningNodes({ region, name, nodes: 2 });
    expect(await inspect(world, lease)).toMatchObject(both('ready'));
  });

  it.concurrent.each(providerCase.states.filter(({ leasedCondition: taken }) => taken !== undefined))(
    'finds a cluster $what $leasedCondition',
    async ({ status, leasedCondition: taken }) => {
      const { world, lease } = await inUse();
      await world.control.setStatus({ region, name: lease.key, status: status ?? '' });
      expect(await inspect(world, lease)).toMatchObject(both(taken ?? ''));
    },
  );

  it.concurrent('finds it gone when it has vanished, and deletes nothing', async () => {
    const { world, lease } = await inUse();
    await world.control.vanish({ region, name: lease.key });
    await untilGone(world, lease);
    expect(await world.control.journal(providerCase.deleteCall)).toEqual([]);
  });

  it.concurrent('finds it gone when somebody has deleted it, and books no cost after that', async () => {
    const { world, lease } = await inUse();
    await world.provider.delete(region, lease.clusterId);
    await untilGone(world, lease);
    const { conditionAtMs, leasedAtMs } = await readCreation(world, lease);
    const settled = await releaseCluster(world, lease);
    expect(settled.state).toBe('released');
    expect(conditionAtMs).toBeGreaterThanOrEqual(leasedAtMs ?? Infinity);
    expect(await world.ledger.audit()).toEqual([]);
  });

  it.concurrent('finds it gone although another cluster carries its key', async ({ skip }) => {
    skip(!providerCase.allowsDuplicateNames, 'names are unique at this provider');
    const { world, lease } = await inUse({ allowsDuplicateNames: true });
    await world.provider.delete(region, lease.clusterId);
    await world.control.seedCluster({ region, name: lease.key, tags: providerCase.ownTags(lease.key) });
    await untilGone(world, lease);
  });

  it.concurrent('does not conclude from one read that the cluster is gone', async ({ skip }) => {
    skip(getCall === null, NO_GET);
    const { world, lease } = await inUse();
    const fault = providerCase.vendorFaults['not found'];
    await world.control.addFaults({ operation: getCall ?? '', fault, times: 1 });
    expect(await inspect(world, lease)).toMatchObject({
      ...both('ready'),
      detail: expect.stringContaining('not confirmed') as string,
    });
  });

  it.concurrent('does not conclude that it is gone while a listing shows it', async ({ skip }) => {
    skip(getCall === null, NO_GET);
    const { world, lease } = await inUse();
    const fault = providerCase.vendorFaults['not found'];
    await world.control.addFaults({ operation: getCall ?? '', fault, times: 'always' });
    expect(await inspect(world, lease)).toMatchObject(both('ready'));
  });

  it.concurrent('records nothing when a read fails', async () => {
    const { world, lease } = await inUse();
    await world.control.addFaults({ operation: '*', fault: { kind: 'reset' } });
    expect(await oneTry(() => world.steps.inspectCluster(lease))).toMatchObject({ type: 'Ambiguous' });
    expect(await readCreation(world, lease)).toMatchObject({ condition: 'ready' });
  });

  it.concurrent('records nothing for a cluster that is being released or is not the leased one', async () => {
    const { world, lease } = await inUse();
    await world.control.setRunningNodes({ region, name: lease.key, nodes: 1 });
    const other = { ...lease, clusterId: providerCase.unknownId };
    expect(await inspect(world, other)).toMatchObject({ condition: 'closing', recorded: 'ready' });
    await beginRelease(world, lease);
    expect(await inspect(world, lease)).toMatchObject({ condition: 'closing', recorded: 'ready' });
  });
}

/** What a cluster consists of, and what it costs. */
export function clusterPrices(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { name, region } = providerCase;

  describe('the price of a cluster', () => {
    const seed = async () => {
      const world = await createWorld(fixture(), providerCase);
      const { key, clusterId } = await leaseCluster(world);
      const [found] = await world.provider.list(region, key);
      if (found === undefined) throw new Error('not listed');
      const { state, createdAtMs } = found;
      return { world, key, clusterId, unpriced: { clusterId, name: key, state, createdAtMs } };
    };

    it.concurrent('is the provider’s, or else the catalogue’s price of its parts', async () => {
      const { world, clusterId, unpriced } = await seed();
      const units = definitionOf(name).units(providerCase.placement('usual'));
      expect(await world.provider.units(region, clusterId)).toEqual(units);
      expect(await clusterPrice(world.provider, region, unpriced)).toBe(byCatalogue(units));
      expect(await clusterPrice(world.provider, region, { ...unpriced, hourlyMicros: 7 })).toBe(7);
    });

    it.concurrent('is unknown when the cluster cannot be read or is gone', async () => {
      const { world, key, clusterId, unpriced } = await seed();
      await world.control.addFaults({ operation: '*', fault: { kind: 'reset' } });
      expect(await clusterPrice(world.provider, region, unpriced)).toBeNull();
      expect(await world.control.faults()).toEqual([]);
      await world.control.vanish({ region, name: key });
      expect(await world.provider.units(region, clusterId)).toEqual([]);
      expect(await clusterPrice(world.provider, region, unpriced)).toBeNull();
    });

    /** Null when any part has no price. */
    function byCatalogue(units: readonly PricedUnit[]): number | null {
      const costs = units.map(({ instanceType, count }) => {
        const row = definitionOf(name).prices.find(
          (price) => price.region === region && price.instanceType === instanceType,
        );
        return row === undefined ? null : row.hourlyMicros * count;
      });
      return costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
    }
  });
}
