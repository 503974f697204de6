import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { childEnvironment } from '../../../platform/config.ts';
import { startSimulator } from '../../../simulators/index.ts';

/** The vendor's six minutes to start bare metal pass in half a second. */
const SPEED = 720;
/** A first build fetches modules. */
const BUILD_MS = 300_000;

/** The signature of another language is another reading of the protocol. Needs nothing but Go. */
it(
  "gets the vendor's Go client through a whole life",
  async () => {
    // As long as it takes: the client must meet a container that its released instances have not left yet.
    const durations = { releasingMs: 6 * 60_000 };
    const simulator = await startSimulator('alibaba-ecs', { durations, speed: SPEED, seed: 'go' });
    const { url, region, accessKeyId, accessKeySecret } = simulator;
    try {
      const cwd = fileURLToPath(new URL('alibaba-ecs', import.meta.url));
      const args = ['run', '.', new URL(url).host, accessKeyId, accessKeySecret, region];
      const { stdout } = await promisify(execFile)('go', args, { cwd, env: childEnvironment() });
      expect(stdout).toContain('a whole life passed');
    } finally {
      await simulator.close();
    }
  },
  BUILD_MS,
);
