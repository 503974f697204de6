import { expect } from 'vitest';
import type { Creation } from '../../../contracts/creation.ts';
import { costMicros } from '../../../contracts/money.ts';
import type { SimulatedCluster } from '../../../simulators/index.ts';
import type { World } from './world.ts';

/** Every birth under a name, by the vendor's own book. */
export async function clustersNamed(world: World, name: string): Promise<SimulatedCluster[]> {
  return (await world.control.clusters()).filter((cluster) => cluster.name === name);
}

export const living = (clusters: readonly SimulatedCluster[]): string[] =>
  clusters.filter(({ goneAtMs }) => goneAtMs === null).map(({ id }) => id);

/** What always holds: a sound ledger, never two clusters of a key at once, and no call sent twice by the SDK. */
export async function expectSound(world: World, key: string): Promise<SimulatedCluster[]> {
  expect(await world.ledger.audit()).toEqual([]);
  const clusters = await clustersNamed(world, key);
  for (const [index, later] of clusters.entries()) {
    for (const earlier of clusters.slice(0, index)) {
      expect(earlier.goneAtMs ?? Infinity, `${earlier.id} lived beside ${later.id}`).toBeLessThanOrEqual(
        later.createdAtMs,
      );
    }
  }
  const calls = await world.control.journal();
  const ids = calls.map(({ invocationId }) => invocationId).filter((id) => id !== null);
  expect(new Set(ids).size, 'each logical call was sent once').toBe(ids.length);
  expect(calls.filter(({ attempt }) => (attempt ?? 1) > 1)).toEqual([]);
  return clusters;
}

/** One cluster was ever born, and it lives under this id. */
export async function expectOne(
  world: World,
  key: string,
  clusterId: string,
  state: 'open' | 'leased' = 'open',
): Promise<void> {
  const clusters = await expectSound(world, key);
  expect(clusters).toHaveLength(1);
  expect(living(clusters)).toEqual([clusterId]);
  expect(await world.providerLedger.read(key)).toMatchObject({ clusterId, state });
}

/** Nothing was ever born. */
export async function expectNone(world: World, key: string): Promise<void> {
  expect(await expectSound(world, key)).toEqual([]);
}

/** Nothing lives, and what was booked pays for every cluster from its birth to its end. */
export async function expectSettled(world: World, settled: Creation): Promise<void> {
  expect(settled.state).toBe('absent');
  const clusters = await expectSound(world, settled.key);
  expect(living(clusters)).toEqual([]);
  let lived = 0;
  for (const cluster of clusters) {
    const sinceMs = (await world.case.billsSince?.(world.control, cluster)) ?? cluster.createdAtMs;
    lived += Math.max(0, (cluster.goneAtMs ?? Infinity) - sinceMs);
  }
  expect(settled.costMicros).toBeGreaterThanOrEqual(costMicros(settled.hourlyMicros, lived));
}
