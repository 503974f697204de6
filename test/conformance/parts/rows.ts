import { expect, it } from 'vitest';
import { STAGES, type Fate, type ProviderCase, type Stage } from '../kit/case.ts';
import { FAULT_NAMES, faultOf, type FaultName } from '../kit/faults.ts';
import { extend, leased } from '../kit/lease.ts';
import { CANCELLED, close, created, live, oneTry, retried, settle, wait, type End } from '../kit/life.ts';
import { expectNone, expectOne, expectSettled } from '../kit/oracle.ts';
import { createWorld, type Books, type World } from '../kit/world.ts';

/** Longer than a vendor's own end of a cluster comes after its lease. */
const EXTENSION_MS = 24 * 3_600_000;

/** The table is whole: no call of the adapter and no fault is left out, and none stands there that does not exist. */
export function everyRowIsWritten(providerCase: ProviderCase, books: () => Books): void {
  it('has a row for every call of the adapter, and for every fault', async () => {
    const { provider } = await createWorld(books(), providerCase);
    const calls = STAGES.flatMap((stage) => Object.entries(providerCase.rows[stage]));
    expect([...new Set(calls.map(([call]) => call))].sort()).toEqual([...provider.calls].sort());
    for (const [call, row] of calls) expect(Object.keys(row).sort(), call).toEqual([...FAULT_NAMES].sort());
  });
}

/** Every call of these stages, with every fault: the life that meets it, and how it ends. */
export const everyFaultIn =
  (...stages: Stage[]) =>
  (providerCase: ProviderCase, books: () => Books): void => {
    const rows = stages.flatMap((stage) =>
      Object.entries(providerCase.rows[stage]).flatMap(([call, row]) =>
        FAULT_NAMES.map((fault) => ({ stage, call, fault, fate: row[fault] })),
      ),
    );
    it.concurrent.each(rows)('$stage: $call meets "$fault" and ends $fate', async ({ stage, call, fault, fate }) => {
      const world = await createWorld(books(), providerCase);
      const met = await MEET[stage](world, () => addFaults(world, call, fault));
      await expectFate(world, fate, met);
      // A node may be replaced, or not be shown to us: it has no address, and the cluster is usable all the same.
      if (met.end === 'ready' && fault !== 'not found' && fault !== 'access denied') {
        expect(met.access.nodes.map(({ address }) => address)).not.toContain(null);
      }
      expect(await world.control.faults(), 'the fault was met').toEqual([]);
    });
  };

/** How a stage meets a fault that `script` puts in its way. */
const MEET: Readonly<Record<Stage, (world: World, addFaults: () => Promise<void>) => Promise<Met>>> = {
  send: async (world, addFaults) => {
    const creation = await world.open();
    await addFaults();
    return { key: creation.key, ...(await live(world, creation)) };
  },
  adopt: async (world, addFaults) => {
    const creation = await world.open();
    const { key } = creation;
    await world.control.addFaults({ operation: world.case.createCall, fault: { kind: 'reset', when: 'after' } });
    expect(await oneTry(() => world.steps.createCluster({ key }))).toMatchObject({ type: 'Ambiguous' });
    await addFaults();
    return { key, ...(await live(world, creation)) };
  },
  wait: async (world, addFaults) => {
    const creation = await world.open();
    const clusterId = await created(world, creation);
    await addFaults();
    return { key: creation.key, ...(await wait(world, creation, clusterId)) };
  },
  lease: async (world, addFaults) => {
    const lease = await leased(world);
    await extend(world, lease, EXTENSION_MS);
    await addFaults();
    expect(await retried(() => world.steps.moveExpiry(lease))).toEqual({ value: undefined });
    expect(await retried(() => world.steps.inspectCluster(lease))).toMatchObject({ value: { condition: 'ready' } });
    return { end: 'leased', ...lease };
  },
  close: async (world, addFaults) => {
    const creation = await world.open();
    await created(world, creation);
    await close(world, creation, CANCELLED);
    await addFaults();
    return { key: creation.key, end: 'closed', failure: CANCELLED, settled: await settle(world, creation) };
  },
};

type Met = (End | { readonly end: 'leased'; readonly clusterId: string }) & { readonly key: string };

async function addFaults(world: World, call: string, fault: FaultName): Promise<void> {
  await world.control.addFaults({ operation: call, fault: faultOf(fault, world.case) });
}

/** A life ended as it should, by the vendor's book and the ledger's. */
export async function expectFate(world: World, fate: Fate, met: Met): Promise<void> {
  const told = 'failure' in met ? `${met.end} ${met.failure.type}` : met.end;
  expect(told, 'failure' in met ? met.failure.message : '').toBe(fate === 'absent' ? `closed ${CANCELLED.type}` : fate);
  switch (met.end) {
    case 'ready':
      expect(met.access).toMatchObject({ clusterId: met.clusterId, clusterName: met.key, nodeCount: 2 });
      return expectOne(world, met.key, met.clusterId);
    case 'leased':
      return expectOne(world, met.key, met.clusterId, 'leased');
    case 'refused':
      return expectNone(world, met.key);
    case 'closed':
      return expectSettled(world, met.settled);
  }
}
