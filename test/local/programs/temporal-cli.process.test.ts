import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cachedProgram } from '../../../local/programs/find-program.ts';
import type { InstallProgress } from '../../../local/programs/program.ts';
import { findTemporalCli, temporalCli } from '../../../local/programs/temporal-cli.ts';
import { scratchFolder } from '../scratch.ts';
import { bareMachine, fakeGo, program, WORKING_CLI } from './machine.ts';

const cachedCli = (cacheDir: string): string => cachedProgram(temporalCli(), cacheDir);

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('uses the given path, and fails if that program does not run', async () => {
  const machine = bareMachine();
  program(machine.path, 'temporal', WORKING_CLI);
  const mine = program(machine.cacheDir, 'my-temporal', WORKING_CLI);
  expect(await findTemporalCli({ ...machine, temporalCliPath: mine })).toBe(mine);
  await expect(findTemporalCli({ ...machine, temporalCliPath: '/nonexistent/temporal' })).rejects.toThrow(
    'TEMPORAL_CLI_PATH: /nonexistent/temporal does not exist',
  );
});

it('prefers PATH to the cache, and skips a program that does not run', async () => {
  const machine = bareMachine();
  const cached = program(path.dirname(cachedCli(machine.cacheDir)), 'temporal', WORKING_CLI);
  expect(await findTemporalCli(machine)).toBe(cached);
  const acceptsAnyOnPath = program(machine.path, 'temporal', '#!/bin/sh\nexit 1\n');
  expect(await findTemporalCli(machine)).toBe(cached);
  program(machine.path, 'temporal', WORKING_CLI);
  expect(await findTemporalCli(machine)).toBe(acceptsAnyOnPath);
});

it('lists what the user can do if no method works, and leaves nothing behind', async () => {
  const machine = bareMachine();
  const failure: unknown = await findTemporalCli(machine).catch((error: unknown) => error);
  const { message } = failure as Error;
  for (const choice of ['TEMPORAL_ADDRESS', 'TEMPORAL_CLI_PATH', 'on PATH', 'install Go']) {
    expect(message).toContain(choice);
  }
  expect(message).toContain('tried download:');
  expect(message).toContain('tried go install: Go is not on PATH');
  expect(readdirSync(path.dirname(cachedCli(machine.cacheDir)))).toEqual([]);
});

it('builds with Go once for two starts at the same time', async () => {
  const machine = bareMachine();
  fakeGo(machine, 'temporal', 'temporal version 0.0.0');
  const progress: InstallProgress[] = [];
  const found = await Promise.all([
    findTemporalCli(machine, (p) => progress.push(p)),
    findTemporalCli(machine, (p) => progress.push(p)),
  ]);
  expect(found).toEqual([cachedCli(machine.cacheDir), cachedCli(machine.cacheDir)]);
  expect(readFileSync(path.join(machine.path, 'go.calls'), 'utf8')).toBe(
    'install -ldflags=-s -w github.com/temporalio/cli/cmd/temporal@v1.5.1\n',
  );
  expect(new Set(progress.map((p) => p.stage))).toEqual(
    new Set(['downloading', 'building from source', 'waiting for another start']),
  );
  expect(readdirSync(path.dirname(found[0]))).toEqual(['temporal']);
});

it('shows the output of the compiler when the build fails', async () => {
  const machine = bareMachine();
  program(machine.path, 'go', '#!/bin/sh\necho "dial tcp: no such host" >&2\nexit 1\n');
  await expect(findTemporalCli(machine)).rejects.toThrow('dial tcp: no such host');
});

it('installs the file that the download service names', async () => {
  const machine = bareMachine();
  const folder = scratchFolder();
  program(folder, 'temporal', WORKING_CLI);
  writeFileSync(path.join(folder, 'licence'), randomBytes(2_600_000));
  spawnSync('tar', ['-czf', path.join(folder, 'cli.tar.gz'), '-C', folder, 'licence', 'temporal']);
  const address: string = await serve((request, response) => {
    if (request.url === '/cli.tar.gz') response.end(readFileSync(path.join(folder, 'cli.tar.gz')));
    else response.end(JSON.stringify({ archiveUrl: `${address}/cli.tar.gz`, fileToExtract: 'temporal' }));
  });
  const notes: string[] = [];
  const found = await findTemporalCli({ ...machine, downloadUrl: `${address}/cli` }, ({ note }) => notes.push(note));
  expect(found).toBe(cachedCli(machine.cacheDir));
  expect([notes[0], notes.at(-1)]).toEqual(['downloading', 'downloading 2 of 3 MB']);
  expect(readdirSync(path.dirname(found))).toEqual(['temporal']);
});

it('refuses a file of the archive outside the scratch folder', async () => {
  const machine = bareMachine();
  const address = await serve((_, response) => {
    response.end(JSON.stringify({ archiveUrl: 'http://127.0.0.1:9/', fileToExtract: '../../evil' }));
  });
  await expect(findTemporalCli({ ...machine, downloadUrl: address })).rejects.toThrow('unexpected file in the archive');
  expect(existsSync(cachedCli(machine.cacheDir))).toBe(false);
});
