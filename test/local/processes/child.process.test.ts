import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../local/processes/log.ts';
import { poll } from '../../../local/processes/poll.ts';
import { identify, livenessOf } from '../../../local/processes/process-identity.ts';
import { ChildFailedError } from '../../../local/processes/child-failed.ts';
import { startChild, untilReady, type ChildOptions } from '../../../local/processes/child.ts';
import { scratchFolder } from '../scratch.ts';

function shell(script: string, more: Partial<ChildOptions> = {}): ChildOptions {
  return {
    name: 'program',
    command: '/bin/sh',
    args: ['-c', script],
    runDir: scratchFolder('muster with space'),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 500,
    log: silentLog,
    ...more,
  };
}

it('stops a child in order and leaves no pid file', async () => {
  const options = shell('trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.05; done');
  const child = await startChild(options);
  await untilReady(child, 'program', 5_000, async () => ((await child.output()) === 'up' ? true : undefined));
  expect(existsSync(path.join(options.runDir, 'program.pid'))).toBe(true);
  await child.stop();
  await child.stop();
  expect(await child.output()).toBe('up\nbye');
  expect(await child.exited).toContain('exit code 0');
  expect(existsSync(path.join(options.runDir, 'program.pid'))).toBe(false);
});

it.each([
  ['ends in order', 'sleep 60 & echo $!; wait'],
  ['ignores the signal', 'trap "" TERM; sleep 60 & echo $!; wait'],
])('leaves no helper of a child that %s', async (_, script) => {
  const child = await startChild(shell(script));
  const helper = identify(
    await untilReady(child, 'program', 5_000, async () => Number(await child.output()) || undefined),
  );
  await child.stop();
  expect(child.isAlive()).toBe(false);
  expect(await poll(() => (livenessOf(helper) === 'dead' ? 'gone' : undefined), { timeoutMs: 5_000 })).toBe('gone');
});

it('reports an early end with the output of this run, and shows its first and last lines', async () => {
  const options = shell('i=0; while [ $i -lt 80 ]; do i=$((i+1)); echo "line $i"; done; exit 3');
  writeFileSync(path.join(options.runDir, 'program.log'), 'of an earlier run\n');
  const child = await startChild(options);
  const failure = await untilReady(child, 'program', 5_000, () => Promise.resolve(undefined)).catch((e: unknown) => e);
  expect(failure).toBeInstanceOf(ChildFailedError);
  expect((failure as Error).message).toContain('exit code 3');
  expect((failure as Error).message).toMatch(/:\nline 1\n[^]*line 20\n... 30 more lines ...\nline 51\n[^]*line 80$/);
  expect((failure as ChildFailedError).output.split('\n')).toHaveLength(80);
  expect((failure as ChildFailedError).output).toMatch(/^line 1\n[^]*line 80$/);
});

it('stops a child that is not ready in time', async () => {
  const child = await startChild(shell('sleep 60'));
  await expect(untilReady(child, 'program', 100, () => Promise.resolve(undefined))).rejects.toThrow('within 100 ms');
  expect(child.isAlive()).toBe(false);
});

it('rejects for a program that does not exist', async () => {
  const child = startChild(shell('', { command: '/nonexistent/program' }));
  const failure = await child
    .then((c) => untilReady(c, 'program', 5_000, () => Promise.resolve(undefined)))
    .catch((e: unknown) => e);
  expect((failure as Error).message).toContain('/nonexistent/program');
});

describe('a pid file of an earlier start', () => {
  const recordOf = (pid: number, parent: object) => JSON.stringify({ ...identify(pid), parent });
  const dead = { pid: 999_999_999, started: 'long ago' };

  it('makes a start stop its process if the parent is dead', async () => {
    const orphan = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const options = shell('sleep 60');
    writeFileSync(path.join(options.runDir, 'program.pid'), recordOf(orphan.pid ?? 0, dead));
    const child = await startChild(options);
    expect(
      orphan.signalCode ??
        (await new Promise((resolve) =>
          orphan.once('exit', (_, signal) => {
            resolve(signal);
          }),
        )),
    ).toBe('SIGTERM');
    await child.stop();
  });

  it('does not make a start stop another process with the same pid', async () => {
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    const options = shell('sleep 60');
    const identity = identify(stranger.pid ?? 0);
    const record = { ...identity, started: 'another boot', parent: dead };
    writeFileSync(path.join(options.runDir, 'program.pid'), JSON.stringify(record));
    const child = await startChild(options);
    expect(livenessOf(identity)).toBe('alive');
    await child.stop();
    stranger.kill();
  });

  it('makes a start fail while the parent lives', async () => {
    const options = shell('sleep 60');
    const first = await startChild(options);
    await expect(startChild(options)).rejects.toThrow(`already runs as process ${first.pid}`);
    await first.stop();
  });
});
