import { expect, it } from 'vitest';
import { type ExpectedEnd, type ProviderCase, type Stage, STAGES } from '../kit/case.ts';
import { FAULT_NAMES, type FaultName, faultOf } from '../kit/faults.ts';
import { extendHold, leaseCluster } from '../kit/lease.ts';
import {
  DEADLINE_PASSED,
  beginClosing,
  createdCluster,
  runToEnd,
  oneTry,
  withRetries,
  settle,
  waitUntilReady,
  type CreationEnd,
} from '../kit/creation-run.ts';
import { expectNoCluster, expectOneCluster, expectSettled } from '../kit/expectations.ts';
import { createWorld, type Fixture, type World } from '../kit/world.ts';

/** Long enough that the vendor's expiry must be moved. */
const EXTENSION_MS = 24 * 3_600_000;

/** The fault table is complete: it contains every call of the adapter with every fault, and nothing else. */
export function faultTableIsComplete(providerCase: ProviderCase, fixture: () => Fixture): void {
  it('has a fault table with every call of the adapter and every fault', async () => {
    const { provider } = await createWorld(fixture(), providerCase);
    const calls = STAGES.flatMap((stage) => Object.entries(providerCase.faultTable[stage]));
    expect([...new Set(calls.map(([call]) => call))].sort()).toEqual([...provider.calls].sort());
    for (const [call, row] of calls) expect(Object.keys(row).sort(), call).toEqual([...FAULT_NAMES].sort());
  });
}

/** Runs a creation for every call of these stages and every fault. */
export const everyFaultIn =
  (...stages: Stage[]) =>
  (providerCase: ProviderCase, fixture: () => Fixture): void => {
    const cases = stages.flatMap((stage) =>
      Object.entries(providerCase.faultTable[stage]).flatMap(([call, row]) =>
        FAULT_NAMES.map((fault) => ({ stage, call, fault, expectedEnd: row[fault] })),
      ),
    );
    it.concurrent.each(cases)(
      '$stage: $call meets "$fault" and ends $expectedEnd',
      async ({ stage, call, fault, expectedEnd }) => {
        const world = await createWorld(fixture(), providerCase);
        const end = await STAGE_RUNS[stage](world, () => addFault(world, call, fault));
        await expectEnd(world, expectedEnd, end);
        // A node that is replaced or hidden has no address. The cluster is ready all the same.
        if (end.end === 'ready' && fault !== 'not found' && fault !== 'access denied') {
          expect(end.access.nodes.map(({ address }) => address)).not.toContain(null);
        }
        expect(await world.control.faults(), 'the fault happened').toEqual([]);
      },
    );
  };

/** Runs a creation through a stage. `addFault` adds the fault just before the stage. */
const STAGE_RUNS: Readonly<Record<Stage, (world: World, addFault: () => Promise<void>) => Promise<RunEnd>>> = {
  send: async (world, addFault) => {
    const creation = await world.open();
    await addFault();
    return { key: creation.key, ...(await runToEnd(world, creation)) };
  },
  adopt: async (world, addFault) => {
    const creation = await world.open();
    const { key } = creation;
    await world.control.addFaults({ operation: world.case.createCall, fault: { kind: 'reset', when: 'after' } });
    expect(await oneTry(() => world.steps.createCluster({ key }))).toMatchObject({ type: 'Ambiguous' });
    await addFault();
    return { key, ...(await runToEnd(world, creation)) };
  },
  wait: async (world, addFault) => {
    const creation = await world.open();
    const clusterId = await createdCluster(world, creation);
    await addFault();
    return { key: creation.key, ...(await waitUntilReady(world, creation, clusterId)) };
  },
  lease: async (world, addFault) => {
    const lease = await leaseCluster(world);
    await extendHold(world, lease, EXTENSION_MS);
    await addFault();
    expect(await withRetries(() => world.steps.moveExpiry(lease))).toEqual({ value: undefined });
    expect(await withRetries(() => world.steps.inspectCluster(lease))).toMatchObject({ value: { condition: 'ready' } });
    return { end: 'leased', ...lease };
  },
  close: async (world, addFault) => {
    const creation = await world.open();
    await createdCluster(world, creation);
    await beginClosing(world, creation, DEADLINE_PASSED);
    await addFault();
    return { key: creation.key, end: 'closed', failure: DEADLINE_PASSED, settled: await settle(world, creation) };
  },
};

type RunEnd = (CreationEnd | { readonly end: 'leased'; readonly clusterId: string }) & { readonly key: string };

async function addFault(world: World, call: string, fault: FaultName): Promise<void> {
  await world.control.addFaults({ operation: call, fault: faultOf(fault, world.case) });
}

/** The creation ended as expected, by the simulator's records and the ledger's. */
export async function expectEnd(world: World, expectedEnd: ExpectedEnd, end: RunEnd): Promise<void> {
  const told = 'failure' in end ? `${end.end} ${end.failure.type}` : end.end;
  expect(told, 'failure' in end ? end.failure.message : '').toBe(
    expectedEnd === 'absent' ? `closed ${DEADLINE_PASSED.type}` : expectedEnd,
  );
  switch (end.end) {
    case 'ready':
      expect(end.access).toMatchObject({ clusterId: end.clusterId, clusterName: end.key, nodeCount: 2 });
      return expectOneCluster(world, end.key, end.clusterId);
    case 'leased':
      return expectOneCluster(world, end.key, end.clusterId, 'leased');
    case 'refused':
      return expectNoCluster(world, end.key);
    case 'closed':
      return expectSettled(world, end.settled);
  }
}
