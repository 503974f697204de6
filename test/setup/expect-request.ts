import { expect } from 'vitest';
import type { Creation } from '../../contracts/creation.ts';
import { PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import type { SimulatedCluster } from '../../simulators/index.ts';
import type { Harness } from './harness.ts';

/** A request in the ledger and at all providers. */
export interface RequestState {
  readonly creations: readonly Creation[];
  /** Every cluster that was created under one of its keys, by the simulator. */
  readonly clusters: readonly SimulatedCluster[];
  readonly live: readonly SimulatedCluster[];
}

async function stateOf({ ledger, simulators }: Harness, requestId: string): Promise<RequestState> {
  const { creations } = await ledger.receipt(requestId);
  const keys = new Set(creations.map(({ key }) => key));
  const all = await Promise.all(PROVIDER_NAMES.map((provider) => simulators.control(provider).clusters()));
  const clusters = all.flat().filter(({ name }) => keys.has(name));
  return { creations, clusters, live: clusters.filter(({ goneAtMs }) => goneAtMs === null) };
}

/** The ledger is consistent, and by the simulator no two clusters of the request ever existed at once. */
async function expectSound(harness: Harness, requestId: string): Promise<RequestState> {
  expect(await harness.ledger.audit()).toEqual([]);
  const current = await stateOf(harness, requestId);
  for (const one of current.clusters) {
    for (const other of current.clusters.filter((each) => each !== one && each.createdAtMs >= one.createdAtMs)) {
      expect(one.goneAtMs, `${one.id} was gone before ${other.id} was created`).not.toBeNull();
      expect(one.goneAtMs ?? Infinity).toBeLessThanOrEqual(other.createdAtMs);
    }
  }
  return current;
}

/** The request is ready: it has exactly one cluster, with one running lease. */
export async function expectLeased(harness: Harness, requestId: string): Promise<RequestState> {
  const current = await expectSound(harness, requestId);
  const leased = current.creations.filter(({ state }) => state === 'leased');
  expect(leased).toHaveLength(1);
  expect(current.live.map(({ id }) => id)).toEqual([leased[0]?.clusterId]);
  const owner = await harness.client.workflow.getHandle(leased[0]?.owner ?? '').describe();
  expect(owner.status.name).toBe('RUNNING');
  return current;
}

/** The request failed, was cancelled or was released: it has no cluster and no open creation. */
export async function expectNothingLeft(harness: Harness, requestId: string): Promise<RequestState> {
  const current = await expectSound(harness, requestId);
  expect(current.live).toEqual([]);
  for (const { state } of current.creations) expect(['refused', 'absent', 'released']).toContain(state);
  return current;
}
