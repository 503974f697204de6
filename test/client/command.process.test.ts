import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { projectRoot } from '../../platform/project-root.ts';
import { command, type Ended } from '../setup/command.ts';
import { aRequest } from '../builders/request.ts';

/** Runs the command where nothing listens at the address at which it looks for Temporal. */
const muster = (...args: string[]): Promise<Ended> => command(args, { TEMPORAL_ADDRESS: '127.0.0.1:1' });

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

describe('muster', () => {
  it('alone shows every command, and that is no error', async () => {
    const { code, stdout, stderr } = await muster();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const requests = ['plan', 'submit', 'status', 'list', 'describe', 'cancel'];
    const clusters = ['clusters', 'extend', 'release', 'strays', 'audit'];
    for (const name of [...requests, ...clusters, 'budget', 'prices']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  it('guesses what a mistyped command was meant to be', async () => {
    expect(await muster('lst')).toMatchObject({
      code: 2,
      stderr: "error: unknown command 'lst'\nDid you mean list?\nnext: muster --help\n",
    });
  });

  it('tells wrong usage as JSON when asked, with the next command', async () => {
    const { code, stdout, stderr } = await muster('list', '--phase', 'moon', '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: 'UsageError',
      message: expect.stringMatching(/--phase.*moon.*planning, creating/) as string,
      next: 'muster list --help',
    });
  });

  it('shows where an error comes from only with --debug', async () => {
    expect((await muster('prices', '--type', 'abacus')).stderr).not.toMatch(/^ +at /m);
    expect((await muster('prices', '--type', 'abacus', '--debug')).stderr).toMatch(/^ +at /m);
  });
});

describe('muster prices', () => {
  it('ends quietly where nobody reads on', async () => {
    const main = path.join(projectRoot(), 'client', 'command', 'main.ts');
    const line = `set -o pipefail; "${process.execPath}" --import tsx "${main}" prices | true`;
    expect(await promisify(execFile)('bash', ['-c', line])).toEqual({ stdout: '', stderr: '' });
  });

  it('lists the catalogue with its sources, and needs no server', async () => {
    const { code, stdout } = await muster('--json', 'prices', '--region', 'us-west-2', '--type', 'p5');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        provider: 'sagemaker',
        region: 'us-west-2',
        instanceType: 'ml.p5.48xlarge',
        source: expect.any(String) as string,
      },
    ]);
  });
});

describe('muster extend', () => {
  it.each([
    [[], 'neither --by nor --until'],
    [['--by', '4h', '--until', '2999-01-01'], 'cannot be used with'],
    [['--by', 'long'], 'such as 30m, 4h or 2d'],
    [['--until', '2020-01-01'], 'past already'],
  ])('with %j says what is wrong before it looks for a server', async (options, why) => {
    const { code, stderr } = await muster('extend', 'r', ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(stderr).toContain('next: muster extend --help');
  });
});

describe('muster audit --rebuild', () => {
  it('does nothing where nobody can be asked', async () => {
    const { code, stderr } = await muster('audit', '--rebuild');
    expect(code).toBe(2);
    expect(stderr).toMatch(/this is no terminal\nNothing was done\. With --yes/);
  });
});

describe('the other commands', () => {
  it.each([
    ['status', 'r'],
    ['list'],
    ['budget', 'show', 'research'],
    ['clusters'],
    ['extend', 'r', '--by', '4h'],
    ['strays', '--location', 'sagemaker/us-west-2'],
    ['audit', '--rebuild', '--yes'],
  ])('%s ends with 3 and says how to mend it where Temporal does not answer', async (...args) => {
    const { code, stderr } = await muster(...args);
    expect(code).toBe(3);
    expect(stderr).toMatch(/127\.0\.0\.1:1[\s\S]*TEMPORAL_ADDRESS/);
  });

  it('check the file before they look for a server', async () => {
    expect((await muster('submit', '-f', await file('team: x'))).code).toBe(2);
  });

  it('check filters before they look for a server', async () => {
    expect(await muster('list', '--region', "x'y")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('region: "x\'y"') as string,
    });
  });

  it('refuse an amount that is none', async () => {
    expect(await muster('budget', 'set', 'research', '--limit', 'lots')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--limit') as string,
    });
  });

  it('say which order about a budget was meant where a team came first', async () => {
    expect(await muster('budget', 'research')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('next: muster budget show research\n') as string,
    });
    expect((await muster('budget', 'research', '--limit', '100')).stderr).toContain(
      'next: muster budget set research --limit 100\n',
    );
  });
});
