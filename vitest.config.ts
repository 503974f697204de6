import { defineConfig } from 'vitest/config';

const shared = {
  pool: 'forks' as const,
  sequence: { shuffle: true },
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

const project = (name: string, include: string[], globalSetup: string[] = []) => ({
  test: { ...shared, name, include: include.map((folder) => `test/${folder}/**/*.test.ts`), globalSetup },
});

/** Kinds of test, cheapest first; the servers a kind shares start once, in its global set-up. */
export default defineConfig({
  test: {
    // Most tests wait for servers, not for a core: three at once fill two cores without slowing any to a time-out.
    maxWorkers: 3,
    projects: [
      project('unit', ['contracts', 'platform', 'activities', 'workflows', 'workers', 'client', 'simulators']),
      project('local', ['local'], ['test/setup/temporal-cli.ts']),
      project('ledger', ['ledger', 'property'], ['test/setup/postgres.ts']),
      project('contract', ['contract'], ['test/setup/postgres.ts']),
      project('workflow', ['workflow', 'replay'], ['test/setup/temporal.ts']),
      project('deploy', ['deploy'], ['test/setup/temporal.ts']),
      project('e2e', ['e2e'], ['test/setup/temporal-cli.ts', 'test/setup/chromium.ts']),
      // Not a test: writes the histories that the replay test reads (npm run record-histories).
      {
        test: {
          ...shared,
          name: 'record',
          include: ['test/record/histories.ts'],
          globalSetup: ['test/setup/temporal.ts'],
        },
      },
    ],
  },
});
