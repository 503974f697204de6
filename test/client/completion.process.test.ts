import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BASH_SCRIPT } from '../../client/command/completion/bash.ts';
import { command } from '../setup/command.ts';

const run = promisify(execFile);

/** The suggestions for the last of these words, without a server. */
async function suggested(...words: string[]): Promise<string[]> {
  const { stdout } = await command(['complete', '--', ...words], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '');
}

describe('completion', () => {
  it.each<[string[], string[]]>([
    [['desc'], ['describe', ':4']],
    [
      ['budget', 's'],
      ['show', 'set', ':4'],
    ],
    [
      ['list', '--ph'],
      ['--phase', ':4'],
    ],
    [
      ['list', '--phase', 'c'],
      ['creating', 'compensating', 'cancelled', ':4'],
    ],
    [
      ['budget', 'set', 'x', '--period', ''],
      ['total', 'month', ':4'],
    ],
    [
      ['strays', '--location', 'sage'],
      ['sagemaker/us-west-2', ':4'],
    ],
    [
      ['clusters', '--provider', 't'],
      ['tensorpool', ':4'],
    ],
    [
      ['status', '--js'],
      ['--json', ':4'],
    ],
  ])('of %j suggests %j', async (words, expected) => {
    expect(await suggested(...words)).toEqual(expected);
  });

  it('leaves a file to the shell', async () => {
    expect(await suggested('submit', '-f', '')).toEqual([':0']);
  });

  it('of an id suggests nothing, without an error, when no server answers', async () => {
    const ended = await command(['complete', '--', 'status', ''], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(ended).toEqual({ code: 0, stdout: ':4\n', stderr: '' });
  });
});

describe("bash's completion", () => {
  /** What bash would offer when `muster` answers with these lines; and the words that `muster` got. */
  async function offered(
    words: readonly string[],
    answer: readonly string[],
  ): Promise<{ received: string; offers: string[] }> {
    const script = `${BASH_SCRIPT}
exec 3>&2
muster() { printf '<%s>' "$@" >&3; printf '%s\\n' ${answer.map((line) => `$'${line}'`).join(' ')}; }
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}) COMP_CWORD=${words.length - 1}
_muster_complete
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await run('bash', ['--norc', '-c', script]);
    return { received: stderr, offers: stdout.trimEnd().split('\n') };
  }

  it('offers the values of an answer without their descriptions', async () => {
    expect(await offered(['muster', 'status', ''], ['a\\tready', 'b\\tfailed', ':4'])).toEqual({
      received: '<complete><--><status><>',
      offers: ['a', 'b'],
    });
  });

  it('runs nothing that is on the command line', async () => {
    const { received } = await offered(['muster', 'status', '$(echo ran)'], [':4']);
    expect(received).toBe('<complete><--><status><$(echo ran)>');
  });

  it('joins an option and its value again', async () => {
    expect((await offered(['muster', 'list', '--phase', '=', 'wa'], [':4'])).received).toBe(
      '<complete><--><list><--phase><wa>',
    );
  });

  it('offers files when the answer says so', async () => {
    expect((await offered(['muster', 'submit', '-f', 'packag'], [':0'])).offers).toContain('package.json');
  });
});
