import { afterAll, beforeAll, describe, vi } from 'vitest';
import type { ProviderCase } from './kit/case.ts';
import { runToEnd } from './kit/creation-run.ts';
import { createWorld, type Fixture, openFixture } from './kit/world.ts';
import { PROVIDER_CASES } from './providers.ts';

/** The tests wait much more than they work. */
vi.setConfig({ maxConcurrency: 16 });

/** A part of the suite: its tests for one provider, with one ledger for all of them. */
export type Part = (providerCase: ProviderCase, fixture: () => Fixture) => void;

/** Runs parts of the suite for every provider. */
export function conformance(...parts: readonly Part[]): void {
  describe.each(PROVIDER_CASES)('$name', (providerCase) => {
    let fixture: Fixture;
    beforeAll(async () => {
      fixture = await openFixture(providerCase);
      // The first calls of a process load the vendor's SDK, which would take too long in a test.
      const world = await createWorld(fixture, providerCase);
      await runToEnd(world, await world.open());
    });
    afterAll(() => fixture.close());
    for (const part of parts) part(providerCase, () => fixture);
  });
}
