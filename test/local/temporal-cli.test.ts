import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  cachedCli,
  findTemporalCli,
  type CliProgress,
  type TemporalCliOptions,
} from '../../local/programs/temporal-cli.ts';
import { scratchFolder } from './scratch.ts';

const WORKING_CLI = '#!/bin/sh\necho temporal version 0.0.0\n';
/** Refused at once: nothing listens on the discard port. */
const NO_DOWNLOAD = 'http://127.0.0.1:9/cli';

function program(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return file;
}

/** A machine with nothing on it: an empty PATH folder, an empty cache, no network. */
function bareMachine(): TemporalCliOptions & { path: string } {
  const home = scratchFolder('machine with space');
  mkdirSync(path.join(home, 'bin'));
  return { cacheDir: path.join(home, 'cache'), path: path.join(home, 'bin'), childEnv: {}, downloadUrl: NO_DOWNLOAD };
}

/** Stands for the Go tool: writes its arguments beside itself and a program into GOBIN. */
const FAKE_GO = `#!/bin/sh
echo "$@" >> "$(dirname "$0")/go.calls"
/bin/sleep 0.3
printf '#!/bin/sh\\necho temporal version 0.0.0\\n' > "$GOBIN/temporal"
/bin/chmod 755 "$GOBIN/temporal"
`.replace('$(dirname "$0")', '${0%/*}');

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('takes the given path, and fails when it does not run instead of looking further', async () => {
  const machine = bareMachine();
  program(machine.path, 'temporal', WORKING_CLI);
  const mine = program(machine.cacheDir, 'my-temporal', WORKING_CLI);
  expect(await findTemporalCli({ ...machine, temporalCliPath: mine })).toBe(mine);
  await expect(findTemporalCli({ ...machine, temporalCliPath: '/nonexistent/temporal' })).rejects.toThrow(
    'TEMPORAL_CLI_PATH: /nonexistent/temporal does not exist',
  );
});

it('prefers PATH to the cache and passes over one that does not run', async () => {
  const machine = bareMachine();
  const cached = program(path.dirname(cachedCli(machine.cacheDir)), 'temporal', WORKING_CLI);
  expect(await findTemporalCli(machine)).toBe(cached);
  const onPath = program(machine.path, 'temporal', '#!/bin/sh\nexit 1\n');
  expect(await findTemporalCli(machine)).toBe(cached);
  program(machine.path, 'temporal', WORKING_CLI);
  expect(await findTemporalCli(machine)).toBe(onPath);
});

it('lists every choice when there is none, and leaves nothing half-made', async () => {
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
  program(machine.path, 'go', FAKE_GO);
  const progress: CliProgress[] = [];
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

it('says what the compiler said when the build fails', async () => {
  const machine = bareMachine();
  program(machine.path, 'go', '#!/bin/sh\necho "dial tcp: no such host" >&2\nexit 1\n');
  await expect(findTemporalCli(machine)).rejects.toThrow('dial tcp: no such host');
});

it('installs what the download service names', async () => {
  const machine = bareMachine();
  const folder = scratchFolder();
  program(folder, 'temporal', WORKING_CLI);
  spawnSync('tar', ['-czf', path.join(folder, 'cli.tar.gz'), '-C', folder, 'temporal']);
  const address: string = await serve((request, response) => {
    if (request.url === '/cli.tar.gz') response.end(readFileSync(path.join(folder, 'cli.tar.gz')));
    else response.end(JSON.stringify({ archiveUrl: `${address}/cli.tar.gz`, fileToExtract: 'temporal' }));
  });
  expect(await findTemporalCli({ ...machine, downloadUrl: `${address}/cli` })).toBe(cachedCli(machine.cacheDir));
});

it('refuses an archive member outside its folder', async () => {
  const machine = bareMachine();
  const address = await serve((_, response) => {
    response.end(JSON.stringify({ archiveUrl: 'http://127.0.0.1:9/', fileToExtract: '../../evil' }));
  });
  await expect(findTemporalCli({ ...machine, downloadUrl: address })).rejects.toThrow('unexpected file in the archive');
  expect(existsSync(cachedCli(machine.cacheDir))).toBe(false);
});
