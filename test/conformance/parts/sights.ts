import { expect, it } from 'vitest';
import type { ProviderCase } from '../kit/case.ts';
import { created, live } from '../kit/life.ts';
import { createWorld, type Books } from '../kit/world.ts';
import { expectFate } from './rows.ts';

/** Longer than anything a vendor does, at any speed. */
const LONG_MS = 24 * 3_600_000;

/** What a cluster's state means, and how lives end by it. */
export function statesHaveTheirMeaning(providerCase: ProviderCase, books: () => Books): void {
  const { region, createCall } = providerCase;

  it.concurrent.each(providerCase.readings)(
    'a cluster $what is $state',
    async ({ fault, status, placement, ...sight }) => {
      const world = await createWorld(books(), providerCase);
      const creation = await world.open(placement === undefined ? {} : { placement });
      if (fault !== undefined) await world.control.addFaults({ operation: createCall, fault });
      const clusterId = await created(world, creation);
      if (status === undefined) await world.control.advance(LONG_MS);
      else await world.control.setStatus({ region, name: creation.key, status });
      const call = (await world.providerLedger.read(creation.key))?.call ?? null;
      const { state, nodesInService, nodesWanted, outOfCapacity } = sight;
      expect(await world.provider.observe(region, clusterId, call)).toMatchObject({
        ...{ state, nodesInService, nodesWanted, outOfCapacity: outOfCapacity ?? false },
      });
    },
  );

  it.concurrent.each(providerCase.outcomes)(
    'a creation that meets $fault ends $fate',
    async ({ fault, always, fate }) => {
      const world = await createWorld(books(), providerCase);
      const creation = await world.open();
      await world.control.addFaults({
        operation: always ?? createCall,
        fault,
        times: always === undefined ? 1 : 'always',
      });
      await expectFate(world, fate, { key: creation.key, ...(await live(world, creation)) });
    },
  );
}
