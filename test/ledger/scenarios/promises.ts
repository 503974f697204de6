import { expect, it } from 'vitest';
import type { Kit } from '../kit.ts';
import type { Scenario } from './scenario.ts';

/** Runs scenarios as tests against the unchanged ledger. */
export function keepsPromises(scenarios: readonly Scenario[], kit: () => Kit): void {
  for (const { promise, run, holds } of scenarios) {
    it(promise, async () => {
      expect(await run(kit())).toEqual(holds);
    });
  }
}
