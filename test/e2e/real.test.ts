import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../contracts/health.ts';
import { childEnvironment } from '../../platform/config.ts';
import { startSimulators, type Simulators } from '../../simulators/index.ts';
import { copyCheckout, type Checkout } from '../setup/checkout.ts';
import { npmStart, type NpmStart } from '../setup/npm-start.ts';

const run = promisify(execFile);

/** The simulator in place of the real service, at a configured address, as a proxy or a VPC endpoint would be. */
let service: Simulators['sagemaker'];
let simulators: Simulators;
let checkout: Checkout;
let start: NpmStart;
beforeAll(async () => {
  simulators = await startSimulators({ speed: 1, seed: 'real' });
  service = simulators.sagemaker;
  checkout = await copyCheckout();
  start = npmStart(checkout.folder, ['--real', 'sagemaker'], {
    MUSTER_SAGEMAKER_ENDPOINT: service.url,
    AWS_ACCESS_KEY_ID: service.accessKeyId,
    AWS_SECRET_ACCESS_KEY: service.secretAccessKey,
  });
  await start.until(/Ctrl-C/);
}, 180_000);
afterAll(async () => {
  start.child.kill('SIGTERM');
  await start.ended;
  await simulators.close();
  await checkout.remove();
});

/** Runs a command as the printed text says. */
async function muster(...args: string[]): Promise<{ code: number; value: unknown }> {
  const address = /export TEMPORAL_ADDRESS=(\S+)/.exec(start.output())?.[1] ?? '';
  const options = { cwd: checkout.folder, env: { ...childEnvironment(), TEMPORAL_ADDRESS: address } };
  const ended = await run('npm', ['run', '-s', 'muster', '--', '--json', ...args], options).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: unknown) => error as { code: number; stdout: string },
  );
  return { code: ended.code, value: JSON.parse(ended.stdout) as unknown };
}

const checksOf = (value: unknown): Check[] => (value as { checks: Check[] }).checks;
const failed = (checks: readonly Check[]): string[] =>
  checks.filter(({ state }) => state === 'failed').map(({ subject }) => subject);

describe('a stack with a real provider behind it', () => {
  it('starts no simulator, runs no example, and has its own data folder', () => {
    expect(start.output()).not.toMatch(/simulators|fine-tune/);
    expect(start.output()).toContain('.muster-real');
  });

  it('tries a request with plan --live and creates nothing', async () => {
    await muster('budget', 'set', 'research', '--limit', '100000');
    const file = path.join(checkout.folder, 'mine.yaml');
    await cp(path.join(checkout.folder, 'examples', 'ready.yaml'), file);
    const { code, value } = await muster('plan', '-f', file, '--live');
    expect({ code, failed: failed(checksOf(value)) }).toEqual({ code: 0, failed: [] });
    const calls = new Set((await service.control.journal()).map(({ operation }) => operation));
    expect([...calls].sort()).toEqual(['DescribeCluster', 'ListClusters']);
    expect(await service.control.clusters()).toEqual([]);
  });

  it('is checked by doctor with the credentials of its worker', async () => {
    const { code, value } = await muster('doctor', '--region', 'us-west-2');
    expect({ code, failed: failed(checksOf(value)) }).toEqual({ code: 0, failed: [] });
    const credentials = checksOf(value).find(({ subject }) => subject === 'sagemaker: credentials');
    expect(credentials?.detail).toBe(`access key ...${service.accessKeyId.slice(-4)}`);
  });
});
