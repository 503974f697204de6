import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { identify, livenessOf } from '../../../local/processes/process-identity.ts';
import { poll } from '../../../local/processes/poll.ts';
import { cachedProgram, findProgram } from '../../../local/programs/find-program.ts';
import { temporalUi } from '../../../local/programs/temporal-ui.ts';
import { bareMachine, fakeGo, program } from './machine.ts';

const KILLED_START = fileURLToPath(new URL('./killed-start.ts', import.meta.url));
const SAYS = 'Temporal UI version 2.54.1';
const silent = (): void => undefined;

it('refuses a program that prints another version text', async () => {
  const machine = bareMachine();
  fakeGo(machine, 'server', 'Temporal UI version 2.54.0');
  await expect(findProgram(temporalUi, machine, silent)).rejects.toThrow("is not Temporal's Web UI");
});

it('removes what killed starts left, and stops their compiler', async () => {
  const machine = bareMachine();
  fakeGo(machine, 'server', SAYS);
  const folder = path.dirname(cachedProgram(temporalUi, machine.cacheDir));
  const scratch = path.join(folder, '.install-of-a-killed-start');
  mkdirSync(scratch, { recursive: true });
  const compiler = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void compiler.kill('SIGKILL'));
  const dead = { pid: spawnSync('true').pid, started: 'long ago' };
  writeFileSync(path.join(scratch, 'go-install.pid'), JSON.stringify({ ...identify(compiler.pid ?? 0), parent: dead }));
  writeFileSync(path.join(folder, 'install.lock'), JSON.stringify(dead));
  writeFileSync(path.join(folder, `install.lock.${dead.pid}-00000000-0000-0000-0000-000000000000`), 'half a lock');

  expect(await findProgram(temporalUi, machine, silent)).toBe(path.join(folder, 'server'));
  expect(readdirSync(folder)).toEqual(['server']);
  expect(livenessOf(identify(compiler.pid ?? 0))).toBe('dead');
});

it('the compilers end too when a start is killed with -9', async ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux tells a child that its parent has died');
  const machine = bareMachine();
  const notes = path.join(machine.path, 'compiler.pid');
  program(machine.path, 'go', `#!/bin/sh\n/bin/sleep 60 &\necho $! > "${notes}"\nwait\n`);
  const start = spawn(process.execPath, ['--import', 'tsx', KILLED_START, machine.path, machine.cacheDir], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void start.kill('SIGKILL'));
  const pidNoted = () => (existsSync(notes) && Number(readFileSync(notes, 'utf8'))) || undefined;
  const compiler = identify((await poll(pidNoted, { timeoutMs: 30_000 })) ?? 0);
  expect(livenessOf(compiler)).toBe('alive');

  start.kill('SIGKILL');
  expect(await poll(() => (livenessOf(compiler) === 'dead' ? true : undefined), { timeoutMs: 5_000 })).toBe(true);
  fakeGo(machine, 'server', SAYS);
  const found = await findProgram(temporalUi, machine, silent);
  expect(readdirSync(path.dirname(found))).toEqual(['server']);
});
