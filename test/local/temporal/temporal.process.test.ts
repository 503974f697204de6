import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { identify, livenessOf } from '../../../local/processes/process-identity.ts';
import { silentLog, type LocalLog } from '../../../local/processes/log.ts';
import { poll } from '../../../local/processes/poll.ts';
import type { StackStep } from '../../../local/processes/start-steps.ts';
import { startTemporal, type LocalTemporal, type TemporalChoice } from '../../../local/temporal/temporal.ts';
import { bareMachine } from '../programs/machine.ts';
import { machine, scratchFolder } from '../scratch.ts';
import { findTemporalCli } from '../../../local/programs/temporal-cli.ts';

interface Started {
  readonly temporal: LocalTemporal;
  readonly dataDir: string;
  readonly steps: readonly StackStep[];
}

async function start(choice: Partial<TemporalChoice> = {}, log: LocalLog = silentLog): Promise<Started> {
  const dataDir = scratchFolder('data folder');
  const steps: StackStep[] = [];
  const temporal = await startTemporal({
    ...machine,
    port: 0,
    uiPort: 0,
    dataDir,
    searchAttributes: {},
    log,
    onStep: (step) => steps.push(step),
    ...choice,
  });
  onTestFinished(() => temporal.stop());
  return { temporal, dataDir, steps };
}

async function busyPort(): Promise<number> {
  const server = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function get(url: string): Promise<string> {
  return (await fetch(url)).text();
}

function uiProcess(dataDir: string): { pid: number } {
  return JSON.parse(readFileSync(path.join(dataDir, 'web-ui', 'web-ui.pid'), 'utf8')) as { pid: number };
}

it('shows our Temporal in the newest Web UI, and stops that with the server', async () => {
  const { temporal, dataDir, steps } = await start();
  const { uiUrl = '', address } = temporal;
  expect(await get(uiUrl)).toContain('<!doctype html>');
  expect(await get(`${uiUrl}/api/v1/namespaces`)).toContain('"default"');
  expect(JSON.parse(await get(`${uiUrl}/api/v1/settings`))).toMatchObject({
    Version: '2.54.1',
    DisableNewsFetch: true,
  });
  expect(steps).toEqual([
    { name: 'Temporal', state: 'running' },
    { name: 'Web UI', state: 'running' },
    { name: 'Temporal', state: 'done', note: address },
    { name: 'Web UI', state: 'done', note: `${uiUrl}, 2.54.1` },
  ]);
  const ui = identify(uiProcess(dataDir).pid);
  await temporal.stop();
  expect(livenessOf(ui)).toBe('dead');
});

it('takes the next free ports and reports them', async () => {
  const [port, uiPort] = [await busyPort(), await busyPort()];
  const { temporal, steps } = await start({ port, uiPort });
  const notes = steps.filter(({ state }) => state === 'done').map(({ note }) => note);
  expect(notes[0]).toMatch(new RegExp(`^${temporal.address}, port ${port} is busy, took \\d+$`));
  expect(notes[1]).toMatch(new RegExp(`^${temporal.uiUrl ?? ''}, 2.54.1, port ${uiPort} is busy, took \\d+$`));
});

it('restarts the Web UI on its port when it ends, while Temporal runs on', async () => {
  const { temporal, dataDir } = await start();
  const { pid } = uiProcess(dataDir);
  process.kill(pid, 'SIGKILL');
  const again = await poll(() => get(temporal.uiUrl ?? '').catch(() => undefined), { timeoutMs: 15_000 });
  expect(again).toContain('<!doctype html>');
  expect(uiProcess(dataDir).pid).not.toBe(pid);
});

it("shows the CLI's own Web UI if the newest is not available, and says why and what helps", async () => {
  const cliPath = await findTemporalCli(machine);
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (message: string) => warnings.push(message) };
  const { temporal, steps } = await start({ ...bareMachine(), cliPath }, log);
  expect((await fetch(temporal.uiUrl ?? '')).status).toBe(200);
  expect(steps.at(-1)?.note).toMatch(/, 2\.54\.1 is not available \(go install: Go is not on PATH\); with Go /);
  expect(warnings).toEqual([expect.stringContaining('Web UI inside the Temporal CLI')]);
});

it('starts nothing when a server is given', async () => {
  const { temporal } = await start();
  const other = await start({ address: temporal.address, ...bareMachine() });
  expect(other.temporal.uiUrl).toBeUndefined();
  expect(other.steps.map(({ name }) => name)).toEqual(['Temporal', 'Temporal']);
  await other.temporal.stop();
  expect(await get(temporal.uiUrl ?? '')).toContain('<!doctype html>');
});
