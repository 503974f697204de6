import { defineConfig } from 'vitest/config';

const shared = {
  pool: 'forks' as const,
  sequence: { shuffle: true },
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

/** Four kinds of test, cheapest first; the PostgreSQL and Temporal servers they share start once, in the global set-up. */
export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/{contracts,platform,workflows,activities,client,simulators,local}/**/*.test.ts'] } },
    ],
  },
});
