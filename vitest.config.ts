import { defineConfig } from 'vitest/config';

const shared = {
  pool: 'forks' as const,
  sequence: { shuffle: true },
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Tests that call a simulator by the vendor's own client need no notice about future versions of it.
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
};

/** Folders of tests that mirror the code's. */
const MIRRORED = [
  'activities',
  'client',
  'contracts',
  'docs',
  'local',
  'platform',
  'simulators',
  'workers',
  'workflows',
];

const project = (name: string, include: string[], { exclude = [], globalSetup = [] }: Partial<Sets> = {}) => ({
  test: { ...shared, name, include: include.map((tests) => `test/${tests}`), exclude, globalSetup },
});
type Sets = Readonly<Record<'exclude' | 'globalSetup', string[]>>;

const folders = (...names: string[]): string[] => names.map((name) => `${name}/**/*.test.ts`);

/** Kinds of test, cheapest first. The servers that a kind shares start once, in its global set-up. */
export default defineConfig({
  test: {
    // Most tests wait for servers, not for a core: three at once fill two cores without slowing any to a time-out.
    maxWorkers: 3,
    reporters: ['default', './test/setup/skip-reporter.ts'],
    projects: [
      // Needs no server and starts no program: `npm run test:fast`.
      project('unit', folders(...MIRRORED, 'docs'), { exclude: ['test/**/*.process.test.ts'] }),
      // Starts programs: the command, the parts of `npm start`, a vendor's client.
      project(
        'process',
        MIRRORED.map((name) => `${name}/**/*.process.test.ts`),
        { globalSetup: ['test/setup/temporal-cli.ts'] },
      ),
      project('ledger', folders('ledger', 'property'), { globalSetup: ['test/setup/postgres.ts'] }),
      project('conformance', folders('conformance'), { globalSetup: ['test/setup/postgres.ts'] }),
      project('integration', folders('integration', 'replay'), { globalSetup: ['test/setup/temporal.ts'] }),
      project('deploy', folders('deploy'), { globalSetup: ['test/setup/temporal.ts'] }),
      project('e2e', folders('e2e'), { globalSetup: ['test/setup/temporal-cli.ts', 'test/setup/chromium.ts'] }),
      // Not a test: writes the histories that the replay test reads (npm run record-histories).
      project('record', ['record/histories.ts'], { globalSetup: ['test/setup/temporal.ts'] }),
    ],
  },
});
