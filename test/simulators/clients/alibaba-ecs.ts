import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childEnvironment } from '../../../platform/config.ts';
import { AlibabaEcsOptions, startAlibabaEcs } from '../../../simulators/alibaba-ecs/simulator.ts';

/** The vendor's six minutes to start bare metal pass in half a second. */
const SPEED = 720;

/**
 * A whole life against the simulator with the vendor's Go client, which needs nothing but Go: the signature of another
 * language is another reading of the protocol. Run with `node --import tsx test/simulators/clients/alibaba-ecs.ts`.
 */
// As long as it takes: the client must meet a container that its released instances have not left yet.
const options = AlibabaEcsOptions.parse({ durations: { releasingMs: 6 * 60_000 } });
const simulator = await startAlibabaEcs(options, { speed: SPEED, seed: 'go', folder: undefined });
const { url, region, accessKeyId, accessKeySecret } = simulator;
try {
  const cwd = fileURLToPath(new URL('alibaba-ecs', import.meta.url));
  const args = ['run', '.', new URL(url).host, accessKeyId, accessKeySecret, region];
  const { stdout } = await promisify(execFile)('go', args, { cwd, env: childEnvironment() });
  process.stdout.write(stdout);
} finally {
  await simulator.close();
}
