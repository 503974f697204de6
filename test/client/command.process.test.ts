import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { projectRoot } from '../../platform/project-root.ts';
import { command, type CommandResult } from '../setup/command.ts';
import { aRequest } from '../builders/request.ts';

/** Runs the command with a Temporal address at which nothing listens. */
const muster = (...args: string[]): Promise<CommandResult> => command(args, { TEMPORAL_ADDRESS: '127.0.0.1:1' });

async function file(text: string): Promise<string> {
  const created = path.join(await mkdtemp(path.join(os.tmpdir(), 'muster request ')), 'request.yaml');
  await writeFile(created, text);
  return created;
}

describe('muster plan', () => {
  it('prices a file without a server', async () => {
    const { code, stdout } = await muster('plan', '-f', await file(stringify(aRequest('r'))));
    expect(code).toBe(0);
    expect(stdout).toContain('$2.42/h');
  });

  it('prints one JSON document with --json', async () => {
    const { stdout } = await muster('--json', 'plan', '-f', await file(JSON.stringify(aRequest('r'))));
    expect(JSON.parse(stdout)).toMatchObject({ requestId: 'r', placements: [{ provider: 'sagemaker' }] });
  });

  it('shows every fault with its path, and exits with 2', async () => {
    const bad = stringify({ ...aRequest('r', ['moon']), team: 'No Team', extra: 1 });
    const { code, stdout, stderr } = await muster('plan', '-f', await file(bad));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/team: must be .*\n.*placements\[0\]\.region: must be an AWS region/);
    expect(stderr).toContain('extra: is not a field');
  });

  it('prints faults as JSON on standard error with --json', async () => {
    const { code, stderr } = await muster('--json', 'plan', '-f', await file('requestId: [1'));
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: 'InputFileError' });
  });

  it('exits with 2 for a missing file, an unknown price and an unknown flag', async () => {
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
  it('without arguments lists every command, and exits with 0', async () => {
    const { code, stdout, stderr } = await muster();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const requests = ['plan', 'submit', 'status', 'list', 'describe', 'cancel'];
    const clusters = ['clusters', 'extend', 'release', 'strays', 'audit'];
    for (const name of [...requests, ...clusters, 'budget', 'prices']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  it('suggests the command for a mistyped one', async () => {
    expect(await muster('lst')).toMatchObject({
      code: 2,
      stderr: "error: unknown command 'lst'\nDid you mean list?\nnext: muster --help\n",
    });
  });

  it('prints wrong usage as JSON with --json, with the next command', async () => {
    const { code, stdout, stderr } = await muster('list', '--phase', 'moon', '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({
      error: 'UsageError',
      message: expect.stringMatching(/--phase.*moon.*planning, creating/) as string,
      next: 'muster list --help',
    });
  });

  it('shows the stack of an error only with --debug', async () => {
    expect((await muster('prices', '--type', 'abacus')).stderr).not.toMatch(/^ +at /m);
    expect((await muster('prices', '--type', 'abacus', '--debug')).stderr).toMatch(/^ +at /m);
  });
});

describe('muster prices', () => {
  it('exits quietly when its output is closed early', async () => {
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
    [['--until', '2020-01-01'], 'in the future'],
  ])('with %j says what is wrong without a server', async (options, why) => {
    const { code, stderr } = await muster('extend', 'r', ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(stderr).toContain('next: muster extend --help');
  });
});

describe('muster audit --rebuild', () => {
  it('changes nothing when it cannot ask', async () => {
    const { code, stderr } = await muster('audit', '--rebuild');
    expect(code).toBe(2);
    expect(stderr).toMatch(/this is not a terminal\nNothing was changed\. With --yes/);
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
  ])('%s exits with 3 and says how to fix it when Temporal does not answer', async (...args) => {
    const { code, stderr } = await muster(...args);
    expect(code).toBe(3);
    expect(stderr).toMatch(/127\.0\.0\.1:1[\s\S]*TEMPORAL_ADDRESS/);
  });

  it('check the file before they connect', async () => {
    expect((await muster('submit', '-f', await file('team: x'))).code).toBe(2);
  });

  it('check filters before they connect', async () => {
    expect(await muster('list', '--region', "x'y")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('region: "x\'y"') as string,
    });
  });

  it('refuse an invalid amount', async () => {
    expect(await muster('budget', 'set', 'research', '--limit', 'lots')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--limit') as string,
    });
  });

  it('suggest the budget command when a team comes first', async () => {
    expect(await muster('budget', 'research')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('next: muster budget show research\n') as string,
    });
    expect((await muster('budget', 'research', '--limit', '100')).stderr).toContain(
      'next: muster budget set research --limit 100\n',
    );
  });
});
