import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { poll } from '../../local/processes/poll.ts';
import { identify, livenessOf, parseIdentity, type ProcessIdentity } from '../../local/processes/process-identity.ts';
import { machine, scratchFolder } from './scratch.ts';

const PARENT = fileURLToPath(new URL('./killed-parent.ts', import.meta.url));

/** On other systems the next start stops what is left. `processes/child.process.test.ts` tests that on every system. */
it('leaves no server behind when the parent is killed with -9', async ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux tells a child that its parent has died');
  const dataDir = scratchFolder();
  const parent = spawn(process.execPath, ['--import', 'tsx', PARENT, dataDir, machine.cacheDir, machine.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  let said = '';
  parent.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  expect(await poll(() => (said.includes('ready') ? true : undefined), { timeoutMs: 45_000 })).toBe(true);

  const servers = ['temporal', 'web-ui', 'postgres'].map((name): ProcessIdentity => {
    const record = parseIdentity(JSON.parse(readFileSync(path.join(dataDir, name, `${name}.pid`), 'utf8')));
    return record ?? identify(0);
  });
  expect(servers.map(livenessOf)).toEqual(['alive', 'alive', 'alive']);
  parent.kill('SIGKILL');
  const gone = await poll(() => (servers.every((server) => livenessOf(server) === 'dead') ? true : undefined), {
    timeoutMs: 15_000,
  });
  expect(gone).toBe(true);
});
