import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { ListClustersCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../platform/project-root.ts';
import { SIMULATOR_NAMES, startSimulators } from '../../simulators/index.ts';
import { until } from '../setup/until.ts';

const COMPILE_TIMEOUT_MS = 120_000;

// The image runs what the compiler made.
beforeAll(async () => {
  const tsc = path.join(projectRoot(), 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-b', path.join(projectRoot(), 'simulators')]);
}, COMPILE_TIMEOUT_MS);

/** The first of so many consecutive free ports, below those that systems give to connections by themselves. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const probes = Array.from({ length: count }, (_, index) => createServer().listen(port + index));
    const free = await Promise.all(
      probes.map((probe) =>
        once(probe, 'listening').then(
          () => true,
          () => false,
        ),
      ),
    );
    for (const probe of probes) if (probe.listening) await promisify(probe.close.bind(probe))();
    if (free.every(Boolean)) return port;
  }
}

/** The content type of a refusal, which differs between the providers' protocols. */
const protocolAt = async (endpoint: string): Promise<string | null> =>
  (await fetch(endpoint)).headers.get('content-type');

it('simulators in a container answer callers outside it, one port a provider, and end on SIGTERM', async () => {
  const port = await freePorts(SIMULATOR_NAMES.length);
  const entry = path.join(projectRoot(), 'deploy', 'simulators.mjs');
  const child = spawn(process.execPath, [entry, '--speed', '120', '--port', String(port)], { stdio: 'inherit' });
  const inside = await startSimulators();
  const { region = '', credentials } = inside.access('sagemaker');
  const client = new SageMakerClient({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    // Not the name that the simulator listens on: the signature covers the name that the caller uses.
    endpoint: `http://localhost:${port}`,
    maxAttempts: 1,
  });
  const answer = await until(() => client.send(new ListClustersCommand({})), { what: 'an answer' });
  expect(answer.ClusterSummaries).toEqual([]);
  client.destroy();
  for (const [index, name] of SIMULATOR_NAMES.entries()) {
    const expected = await protocolAt(inside.access(name).endpoint);
    expect(await protocolAt(`http://localhost:${port + index}`), name).toBe(expected);
  }
  await inside.close();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
