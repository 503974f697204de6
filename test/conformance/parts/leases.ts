import { describe, expect, it } from 'vitest';
import type { PricedUnit } from '../../../contracts/providers/definition.ts';
import { definitionOf } from '../../../contracts/providers/registry.ts';
import { clusterPrice } from '../../../activities/providers/cluster-price.ts';
import { until } from '../../setup/until.ts';
import type { ProviderCase } from '../kit/case.ts';
import { beginRelease, known, leased, released, type Leased } from '../kit/lease.ts';
import { oneTry } from '../kit/life.ts';
import { expectOne } from '../kit/oracle.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';

const NO_GET = 'this provider looks at one cluster by listing';

/** One look at a leased cluster, and what the ledger then knows. */
async function inspected(world: World, lease: Leased) {
  const { condition, detail } = await world.steps.inspectCluster(lease);
  return { condition, detail, recorded: (await known(world, lease)).condition };
}

/** A young cluster that does not show is not given up at once. */
export async function untilGone(world: World, lease: Leased): Promise<void> {
  await until(async () => (await world.steps.inspectCluster(lease)).condition === 'gone', {
    what: 'a look that finds it gone',
  });
  expect(await known(world, lease)).toMatchObject({ condition: 'gone' });
}

const all = (condition: string) => ({ condition, recorded: condition });

/** What becomes of a cluster in use is noticed, once it is sure, and told to the ledger. */
export function leasesAreInspected(providerCase: ProviderCase, books: () => Books): void {
  const { region, getCall } = providerCase;
  const inUse = async (options = {}) => {
    const world = await createWorld(books(), providerCase, options);
    return { world, lease: await leased(world) };
  };

  it.concurrent('finds a cluster ready, and writes nothing while nothing changes', async () => {
    const { world, lease } = await inUse();
    const before = await known(world, lease);
    expect(await inspected(world, lease)).toMatchObject(all('ready'));
    expect(await known(world, lease)).toEqual(before);
    await expectOne(world, lease.key, lease.clusterId, 'leased');
  });

  it.concurrent('finds it degraded while a node is missing, and ready again', async () => {
    const { world, lease } = await inUse();
    const name = lease.key;
    await world.control.setRunningNodes({ region, name, nodes: 1 });
    const seen = await inspected(world, lease);
    expect(seen).toMatchObject(all('degraded'));
    expect(seen.detail).toContain('1 of 2 nodes in service');
    expect(await known(world, lease)).toMatchObject({ conditionText: seen.detail });
    await world.control.setRunningNodes({ region, name, nodes: 2 });
    expect(await inspected(world, lease)).toMatchObject(all('ready'));
  });

  it.concurrent.each(providerCase.readings.filter(({ leased: taken }) => taken !== undefined))(
    'finds one $what $leased',
    async ({ status, leased: taken }) => {
      const { world, lease } = await inUse();
      await world.control.setStatus({ region, name: lease.key, status: status ?? '' });
      expect(await inspected(world, lease)).toMatchObject(all(taken ?? ''));
    },
  );

  it.concurrent('finds it gone when it vanished, and asks for no deletion', async () => {
    const { world, lease } = await inUse();
    await world.control.vanish({ region, name: lease.key });
    await untilGone(world, lease);
    expect(await world.control.journal(providerCase.deleteCall)).toEqual([]);
  });

  it.concurrent('finds it gone when an operator deleted it, and then released it costs no more', async () => {
    const { world, lease } = await inUse();
    await world.provider.delete(region, lease.clusterId);
    await untilGone(world, lease);
    const { conditionAtMs, leasedAtMs } = await known(world, lease);
    const settled = await released(world, lease);
    expect(settled.state).toBe('released');
    expect(conditionAtMs).toBeGreaterThanOrEqual(leasedAtMs ?? Infinity);
    expect(await world.ledger.audit()).toEqual([]);
  });

  it.concurrent('finds it gone though another carries its key', async ({ skip }) => {
    skip(!providerCase.sharesNames, 'at this provider a name is unique');
    const { world, lease } = await inUse({ sharesNames: true });
    await world.provider.delete(region, lease.clusterId);
    await world.control.seedCluster({ region, name: lease.key, tags: providerCase.ownTags(lease.key) });
    await untilGone(world, lease);
  });

  it.concurrent('does not believe one look that misses it', async ({ skip }) => {
    skip(getCall === null, NO_GET);
    const { world, lease } = await inUse();
    const fault = providerCase.vendorFaults['not found'];
    await world.control.addFaults({ operation: getCall ?? '', fault, times: 1 });
    expect(await inspected(world, lease)).toMatchObject({
      ...all('ready'),
      detail: expect.stringContaining('not confirmed') as string,
    });
  });

  it.concurrent('does not believe looks that a listing denies', async ({ skip }) => {
    skip(getCall === null, NO_GET);
    const { world, lease } = await inUse();
    const fault = providerCase.vendorFaults['not found'];
    await world.control.addFaults({ operation: getCall ?? '', fault, times: 'always' });
    expect(await inspected(world, lease)).toMatchObject(all('ready'));
  });

  it.concurrent('says nothing where a look tells nothing', async () => {
    const { world, lease } = await inUse();
    await world.control.addFaults({ operation: '*', fault: { kind: 'reset' } });
    expect(await oneTry(() => world.steps.inspectCluster(lease))).toMatchObject({ type: 'Ambiguous' });
    expect(await known(world, lease)).toMatchObject({ condition: 'ready' });
  });

  it.concurrent('records nothing of a cluster that is being released, or is not the leased one', async () => {
    const { world, lease } = await inUse();
    await world.control.setRunningNodes({ region, name: lease.key, nodes: 1 });
    const other = { ...lease, clusterId: providerCase.unknownId };
    expect(await inspected(world, other)).toMatchObject({ condition: 'closing', recorded: 'ready' });
    await beginRelease(world, lease);
    expect(await inspected(world, lease)).toMatchObject({ condition: 'closing', recorded: 'ready' });
  });
}

/** What a cluster is made of, and what that costs. */
export function clustersHaveTheirWorth(providerCase: ProviderCase, books: () => Books): void {
  const { name, region } = providerCase;

  describe('the worth of a cluster', () => {
    const born = async () => {
      const world = await createWorld(books(), providerCase);
      const { key, clusterId } = await leased(world);
      const [found] = await world.provider.list(region, key);
      if (found === undefined) throw new Error('not listed');
      const { state, createdAtMs } = found;
      return { world, key, clusterId, untold: { clusterId, name: key, state, createdAtMs } };
    };

    it.concurrent('is what it is made of, at the prices of the catalogue, or what its provider bills', async () => {
      const { world, clusterId, untold } = await born();
      const units = definitionOf(name).units(providerCase.placement('usual'));
      expect(await world.provider.units(region, clusterId)).toEqual(units);
      expect(await clusterPrice(world.provider, region, untold)).toBe(byCatalogue(units));
      expect(await clusterPrice(world.provider, region, { ...untold, hourlyMicros: 7 })).toBe(7);
    });

    it.concurrent('is not known where it cannot be seen, or is no more', async () => {
      const { world, key, clusterId, untold } = await born();
      await world.control.addFaults({ operation: '*', fault: { kind: 'reset' } });
      expect(await clusterPrice(world.provider, region, untold)).toBeNull();
      expect(await world.control.faults()).toEqual([]);
      await world.control.vanish({ region, name: key });
      expect(await world.provider.units(region, clusterId)).toEqual([]);
      expect(await clusterPrice(world.provider, region, untold)).toBeNull();
    });

    /** Null where any part has no price. */
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
