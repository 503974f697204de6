import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { SIMULATOR_NAMES, SimulatorControl, type SimulatorAccess, type SimulatorName } from '../../simulators/index.ts';

const MAIN = fileURLToPath(new URL('../../simulators/main.ts', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(...flags: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function firstLine(child: { stdout: Readable }): Promise<string> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line;
}

async function outcome(child: ReturnType<typeof run>): Promise<{ exitCode: number | null; stderr: string }> {
  const chunks: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return { exitCode: child.exitCode, stderr: Buffer.concat(chunks).toString('utf8') };
}

async function start(...flags: string[]) {
  const child = run('--json', ...flags);
  const access = JSON.parse(await firstLine(child)) as Record<SimulatorName, SimulatorAccess>;
  const { endpoint } = access.sagemaker;
  return { child, access, endpoint, control: new SimulatorControl(endpoint) };
}

it('prints addresses and keys as one line of JSON, keeps its state through a kill, and ends on SIGTERM', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'simulators-'));
  const first = await start('--data', folder);
  expect(Object.keys(first.access)).toEqual(SIMULATOR_NAMES);
  expect(first.access.sagemaker).toEqual({
    endpoint: first.endpoint,
    region: 'us-west-2',
    credentials: { accessKeyId: 'AKIASIMULATEDACCESS0', secretAccessKey: 'simulated-secret-access-key' },
  });
  const cluster = await first.control.seedCluster({ region: 'us-west-2', name: 'kept' });
  first.child.kill('SIGKILL');
  await once(first.child, 'close');

  const second = await start('--data', folder);
  expect(await second.control.clusters()).toEqual([cluster]);
  second.child.kill('SIGTERM');
  expect((await outcome(second.child)).exitCode).toBe(0);
  await rm(folder, { recursive: true });
});

it('ends when its parent does: a signal to npm ends only npm', async () => {
  const shell = spawn('sh', ['-c', `"${process.execPath}" --import tsx "${MAIN}" --json; true`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(shell);
  await firstLine(shell);
  shell.kill('SIGTERM');
  // The pipe closes when no process has it open.
  await once(shell, 'close');
});

it('prints the environment that sends AWS clients to it', async () => {
  const child = run();
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line.includes('AWS_SECRET_ACCESS_KEY')) break;
  }
  expect(lines.join('\n')).toMatch(/export AWS_ENDPOINT_URL_SAGEMAKER=http:\/\/127\.0\.0\.1:\d+/);
});

it.each([
  [['--port', '70000'], '--port'],
  [['--speed', '0'], '--speed'],
  [['--frobnicate'], '--frobnicate'],
])('refuses %j, naming the flag', async (flags, named) => {
  const { exitCode, stderr } = await outcome(run(...flags));
  expect(exitCode).toBe(2);
  expect(stderr).toContain(named);
});

it('says that a port is taken', async () => {
  const { endpoint } = await start();
  const { port } = new URL(endpoint);
  expect(await outcome(run('--port', port))).toEqual({
    exitCode: 1,
    stderr: `error: Port ${port} is in use by another process.\n`,
  });
});
