import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { projectRoot } from '../../platform/project-root.ts';
import { childEnvironment } from '../../platform/config.ts';
import { aRequest } from '../setup/requests.ts';

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does; nothing listens where it would look for Temporal. */
async function muster(...args: string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(
      process.execPath,
      ['--import', 'tsx', path.join(projectRoot(), 'client', 'command', 'main.ts'), ...args],
      { env: { ...childEnvironment(), TEMPORAL_ADDRESS: '127.0.0.1:1', NO_COLOR: '1' } },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Ended;
    return { code, stdout, stderr };
  }
}

async function file(text: string): Promise<string> {
  const made = path.join(await mkdtemp(path.join(os.tmpdir(), 'muster request ')), 'request.yaml');
  await writeFile(made, text);
  return made;
}

describe('muster plan', () => {
  it('prices a file without a server', async () => {
    const { code, stdout } = await muster('plan', '-f', await file(stringify(aRequest('r'))));
    expect(code).toBe(0);
    expect(stdout).toContain('$2.42/h');
  });

  it('prints one JSON document when asked', async () => {
    const { stdout } = await muster('--json', 'plan', '-f', await file(JSON.stringify(aRequest('r'))));
    expect(JSON.parse(stdout)).toMatchObject({ requestId: 'r', placements: [{ provider: 'sagemaker' }] });
  });

  it('tells every fault with its path, and ends with 2', async () => {
    const bad = stringify({ ...aRequest('r', ['moon']), team: 'No Team', extra: 1 });
    const { code, stdout, stderr } = await muster('plan', '-f', await file(bad));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/team: must be .*\n.*placements\[0\]\.region: must be an AWS region/);
    expect(stderr).toContain('extra: is not a field');
  });

  it('gives faults as JSON on standard error when asked', async () => {
    const { code, stderr } = await muster('--json', 'plan', '-f', await file('requestId: [1'));
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: 'InputFileError' });
  });

  it('ends with 2 for a file that is not there, an unknown price and an unknown flag', async () => {
    expect(await muster('plan', '-f', 'nowhere.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nowhere.yaml') as string,
    });
    const unpriced = await muster('plan', '-f', await file(stringify(aRequest('r', ['eu-west-1']))));
    expect(unpriced).toMatchObject({ code: 2, stderr: expect.stringContaining('hourlyPriceMicros') as string });
    expect(await muster('plan', '--fast')).toMatchObject({ code: 2 });
  });
});

describe('the other commands', () => {
  it.each([
    ['status', 'r'],
    ['budget', 'research'],
  ])('%s ends with 3 and says how to mend it where Temporal does not answer', async (...args) => {
    const { code, stderr } = await muster(...args);
    expect(code).toBe(3);
    expect(stderr).toMatch(/cannot reach Temporal[\s\S]*TEMPORAL_ADDRESS/);
  });

  it('check the file before they look for a server', async () => {
    expect((await muster('submit', '-f', await file('team: x'))).code).toBe(2);
  });

  it('refuse an amount that is none', async () => {
    expect(await muster('budget', 'research', '--limit', 'lots')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--limit') as string,
    });
  });
});
