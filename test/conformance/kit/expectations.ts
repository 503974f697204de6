import { expect } from 'vitest';
import type { Creation } from '../../../contracts/creation.ts';
import { costMicros } from '../../../contracts/money.ts';
import type { SimulatedCluster } from '../../../simulators/index.ts';
import type { World } from './world.ts';

/** Every cluster that ever had this name, from the simulator's own records. */
export async function clustersNamed(world: World, name: string): Promise<SimulatedCluster[]> {
  return (await world.control.clusters()).filter((cluster) => cluster.name === name);
}

export const liveIds = (clusters: readonly SimulatedCluster[]): string[] =>
  clusters.filter(({ goneAtMs }) => goneAtMs === null).map(({ id }) => id);

/** What always holds: consistent books, never two clusters with one key at a time, and no call repeated by the SDK. */
export async function expectConsistent(world: World, key: string): Promise<SimulatedCluster[]> {
  expect(await world.ledger.audit()).toEqual([]);
  const clusters = await clustersNamed(world, key);
  for (const [index, later] of clusters.entries()) {
    for (const earlier of clusters.slice(0, index)) {
      expect(
        earlier.goneAtMs ?? Infinity,
        `${earlier.id} and ${later.id} existed at the same time`,
      ).toBeLessThanOrEqual(later.createdAtMs);
    }
  }
  const calls = await world.control.journal();
  const ids = calls.map(({ invocationId }) => invocationId).filter((id) => id !== null);
  expect(new Set(ids).size, 'each logical call was sent once').toBe(ids.length);
  expect(calls.filter(({ attempt }) => (attempt ?? 1) > 1)).toEqual([]);
  return clusters;
}

/** Only one cluster was ever created, and it still exists with this id. */
export async function expectOneCluster(
  world: World,
  key: string,
  clusterId: string,
  state: 'open' | 'leased' = 'open',
): Promise<void> {
  const clusters = await expectConsistent(world, key);
  expect(clusters).toHaveLength(1);
  expect(liveIds(clusters)).toEqual([clusterId]);
  expect(await world.providerLedger.read(key)).toMatchObject({ clusterId, state });
}

/** No cluster was ever created. */
export async function expectNoCluster(world: World, key: string): Promise<void> {
  expect(await expectConsistent(world, key)).toEqual([]);
}

/** No cluster exists, and the booked cost covers every cluster from its creation to its end. */
export async function expectSettled(world: World, settled: Creation): Promise<void> {
  expect(settled.state).toBe('absent');
  const clusters = await expectConsistent(world, settled.key);
  expect(liveIds(clusters)).toEqual([]);
  let billedMs = 0;
  for (const cluster of clusters) {
    const sinceMs = (await world.case.billsSince?.(world.control, cluster)) ?? cluster.createdAtMs;
    billedMs += Math.max(0, (cluster.goneAtMs ?? Infinity) - sinceMs);
  }
  expect(settled.costMicros).toBeGreaterThanOrEqual(costMicros(settled.hourlyMicros, billedMs));
}
