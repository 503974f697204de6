import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../../local/processes/log.ts';
import { registerSearchAttributes } from '../../../local/temporal/search-attributes.ts';
import { findTemporalCli } from '../../../local/programs/temporal-cli.ts';
import {
  startTemporalServer,
  type TemporalServer,
  type TemporalServerOptions,
} from '../../../local/temporal/server.ts';
import { machine, scratchFolder } from '../scratch.ts';

let cliPath: string;
beforeAll(async () => {
  cliPath = await findTemporalCli(machine);
}, 600_000);

async function start(options: Partial<TemporalServerOptions> = {}): Promise<TemporalServer> {
  const dataDir = options.dataDir ?? scratchFolder();
  const server = await startTemporalServer({
    cliPath,
    dataDir,
    port: 0,
    uiPort: 0,
    headless: true,
    log: silentLog,
    ...options,
  });
  onTestFinished(() => server.stop());
  return server;
}

async function connectTo(server: TemporalServer): Promise<Client> {
  const connection = await Connection.connect({ address: server.address });
  onTestFinished(() => connection.close());
  return new Client({ connection });
}

it('keeps its data after a restart, in a path with a space, with a Web UI', async () => {
  const dataDir = path.join(scratchFolder(), 'data folder');
  const options = {
    dataDir,
    dbFilename: 'temporal.db',
    headless: false,
    searchAttributes: { Team: 'Keyword' },
  } as const;
  const first = await start(options);
  await (await connectTo(first)).workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody' });
  expect((await fetch(first.uiUrl ?? '')).status).toBe(200);
  await first.stop();
  expect(await first.exited).toContain('temporal');
  expect(existsSync(path.join(dataDir, 'temporal.db'))).toBe(true);

  const second = await start({ ...options, searchAttributes: { Team: 'Keyword', Cost: 'Int' } });
  const described = await (await connectTo(second)).workflow.getHandle('kept').describe();
  expect(described.status.name).toBe('RUNNING');
});

it('replaces an incomplete database and keeps one for inspection', async () => {
  const dataDir = scratchFolder();
  const file = path.join(dataDir, 'temporal.db');
  // What a server leaves if it is killed before it has created its first table.
  writeFileSync(file, '');
  writeFileSync(`${file}.incomplete`, 'of an earlier attempt');
  const server = await start({ dataDir, dbFilename: 'temporal.db' });
  await expect((await connectTo(server)).workflow.count()).resolves.toMatchObject({ count: 0 });
  expect(readFileSync(`${file}.incomplete`, 'utf8')).toBe('');
});

it('never replaces a complete database, marked or not', async () => {
  const options = { dataDir: scratchFolder(), dbFilename: 'temporal.db' };
  const first = await start(options);
  await (await connectTo(first)).workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody' });
  await first.stop();
  rmSync(path.join(options.dataDir, 'temporal.db.complete'));
  const second = await start(options);
  expect((await (await connectTo(second)).workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
});

it('takes the next port when one is busy, and does not use the server there', async () => {
  const first = await start();
  const second = await start({ port: first.port });
  expect(second.port).toBeGreaterThan(first.port);
  await first.stop();
  await expect((await connectTo(second)).workflow.count()).resolves.toMatchObject({ count: 0 });
});

it('starts again when the server lost a port that it chose itself, even after a long stack trace', async () => {
  const folder = scratchFolder();
  const unlucky = path.join(folder, 'temporal');
  // What a server prints when it loses a port: the reason, then a stack trace with more lines than the message shows.
  writeFileSync(
    unlucky,
    `#!/bin/sh
if mkdir '${folder}/lost' 2>/dev/null; then
  echo 'level=ERROR msg="Failed to start gRPC listener" error="listen tcp 127.0.0.1:1: bind: address already in use"'
  i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo "go.uber.org/fx.New $i"; done
  exit 2
fi
exec '${cliPath}' "$@"
`,
    { mode: 0o755 },
  );
  const server = await start({ cliPath: unlucky });
  expect(existsSync(path.join(folder, 'lost'))).toBe(true);
  await expect((await connectTo(server)).workflow.count()).resolves.toMatchObject({ count: 0 });
});

it('says why it cannot start', async () => {
  const occupied = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => occupied.once('listening', resolve));
  onTestFinished(() => void occupied.close());
  const metricsPort = (occupied.address() as AddressInfo).port;
  await expect(start({ metricsPort })).rejects.toThrow(/exit code 1[^]*metrics port/);
});

it('adds search attributes to a running server, also twice, and refuses another type', async () => {
  const { address } = await start();
  await registerSearchAttributes(address, 'default', { Team: 'Keyword', ReadyAt: 'Datetime' });
  await registerSearchAttributes(address, 'default', { Team: 'Keyword', Cost: 'Int' });
  await expect(registerSearchAttributes(address, 'default', { Team: 'Int' })).rejects.toThrow('another type');
});
