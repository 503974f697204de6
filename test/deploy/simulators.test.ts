import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { ListClustersCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { beforeAll, expect, it } from 'vitest';
import { muteSdkNotice } from '../../platform/config.ts';
import { projectRoot } from '../../platform/project-root.ts';
import { SageMakerOptions } from '../../simulators/sagemaker/simulator.ts';
import { until } from '../setup/until.ts';

const COMPILE_TIMEOUT_MS = 120_000;

// The image runs what the compiler made.
beforeAll(async () => {
  muteSdkNotice();
  const tsc = path.join(projectRoot(), 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-b', path.join(projectRoot(), 'simulators')]);
}, COMPILE_TIMEOUT_MS);

async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await promisify(probe.close.bind(probe))();
  return port;
}

it('a simulator in a container answers from outside of it, and ends when told to', async () => {
  const port = await freePort();
  const entry = path.join(projectRoot(), 'deploy', 'simulators.mjs');
  const child = spawn(process.execPath, [entry, '--speed', '120', `sagemaker:${port}`], { stdio: 'inherit' });
  const { region, accessKeyId, secretAccessKey } = SageMakerOptions.parse({});
  const client = new SageMakerClient({
    region,
    credentials: { accessKeyId, secretAccessKey },
    // Not by loopback's own name: what is signed is the name that the caller knows.
    endpoint: `http://localhost:${port}`,
    maxAttempts: 1,
  });
  const answer = await until(() => client.send(new ListClustersCommand({})), { what: 'an answer' });
  expect(answer.ClusterSummaries).toEqual([]);
  client.destroy();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
