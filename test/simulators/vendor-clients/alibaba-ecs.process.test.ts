import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { childEnvironment } from '../../../platform/config.ts';
import { startSimulator } from '../../../simulators/index.ts';

/** The six minutes in which bare metal starts take half a second. */
const SPEED = 720;
/** A first build fetches modules. */
const BUILD_MS = 300_000;

/** A client in another language implements the protocol on its own. This test needs Go. */
it(
  "the vendor's Go client creates, uses and deletes a cluster",
  async () => {
    // Long enough that the client meets a container which its released instances have not left yet.
    const durations = { releasingMs: 6 * 60_000 };
    const simulator = await startSimulator('alibaba-ecs', { durations, speed: SPEED, seed: 'go' });
    const { url, region, accessKeyId, accessKeySecret } = simulator;
    try {
      const cwd = fileURLToPath(new URL('alibaba-ecs', import.meta.url));
      const args = ['run', '.', new URL(url).host, accessKeyId, accessKeySecret, region];
      const { stdout } = await promisify(execFile)('go', args, { cwd, env: childEnvironment() });
      expect(stdout).toContain('all steps passed');
    } finally {
      await simulator.close();
    }
  },
  BUILD_MS,
);
