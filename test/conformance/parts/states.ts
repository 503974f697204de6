import { expect, it } from 'vitest';
import type { ProviderCase } from '../kit/case.ts';
import { createdCluster, runToEnd } from '../kit/creation-run.ts';
import { createWorld, type Fixture } from '../kit/world.ts';
import { expectEnd } from './fault-table.ts';

/** Longer than anything that a vendor does. */
const LONG_MS = 24 * 3_600_000;

/** How the adapter translates a cluster's state, and how creations end in it. */
export function clusterStates(providerCase: ProviderCase, fixture: () => Fixture): void {
  const { region, createCall } = providerCase;

  it.concurrent.each(providerCase.states)(
    'a cluster $what is $state',
    async ({ fault, status, placement, ...expected }) => {
      const world = await createWorld(fixture(), providerCase);
      const creation = await world.open(placement === undefined ? {} : { placement });
      if (fault !== undefined) await world.control.addFaults({ operation: createCall, fault });
      const clusterId = await createdCluster(world, creation);
      if (status === undefined) await world.control.advance(LONG_MS);
      else await world.control.setStatus({ region, name: creation.key, status });
      const call = (await world.providerLedger.read(creation.key))?.call ?? null;
      const { state, nodesInService, nodesWanted, outOfCapacity } = expected;
      expect(await world.provider.observe(region, clusterId, call)).toMatchObject({
        ...{ state, nodesInService, nodesWanted, outOfCapacity: outOfCapacity ?? false },
      });
    },
  );

  it.concurrent.each(providerCase.outcomes)(
    'a creation that meets $fault ends $expectedEnd',
    async ({ fault, always, expectedEnd }) => {
      const world = await createWorld(fixture(), providerCase);
      const creation = await world.open();
      await world.control.addFaults({
        operation: always ?? createCall,
        fault,
        times: always === undefined ? 1 : 'always',
      });
      await expectEnd(world, expectedEnd, { key: creation.key, ...(await runToEnd(world, creation)) });
    },
  );
}
