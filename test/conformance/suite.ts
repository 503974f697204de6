import { afterAll, beforeAll, describe, vi } from 'vitest';
import type { ProviderCase } from './kit/case.ts';
import { live } from './kit/life.ts';
import { createWorld, openBooks, type Books } from './kit/world.ts';
import { PROVIDER_CASES } from './providers.ts';

/** Lives wait much more than they work. */
vi.setConfig({ maxConcurrency: 16 });

/** A part of the suite: what it says of one provider, with a ledger for all of its tests. */
export type Part = (providerCase: ProviderCase, books: () => Books) => void;

/** Runs parts of the suite over every provider. */
export function contract(...parts: readonly Part[]): void {
  describe.each(PROVIDER_CASES)('$name', (providerCase) => {
    let books: Books;
    beforeAll(async () => {
      books = await openBooks(providerCase);
      // The first calls of a process load what the others find loaded: they would not come back in time.
      const world = await createWorld(books, providerCase);
      await live(world, await world.open());
    });
    afterAll(() => books.close());
    for (const part of parts) part(providerCase, () => books);
  });
}
