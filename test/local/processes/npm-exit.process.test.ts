import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { identify, livenessOf } from '../../../local/processes/process-identity.ts';
import { poll } from '../../../local/processes/poll.ts';
import { projectRoot } from '../../../platform/project-root.ts';
import { scratchFolder } from '../scratch.ts';

const WATCHER = fileURLToPath(new URL('./npm-watcher.ts', import.meta.url));

/** The environment that a user's shell gives to npm. A test runner that npm started would pass on more. */
const environment = { PATH: `${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: '/tmp' };

/** Starts the watcher with `npm start`, as users start the stack, and waits until it watches. */
async function startByNpm(mode = 'at once'): Promise<{ npm: number; watcher: { pid: number }; lines: () => string[] }> {
  const folder = scratchFolder();
  const said = path.join(folder, 'said');
  const tsx = path.join(projectRoot(), 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const start = `node --import "${tsx}" "${WATCHER}" "${said}" "${mode}"`;
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts: { start } }));
  writeFileSync(said, '');
  const npm = spawn('npm', ['start', '--silent'], { cwd: folder, stdio: 'ignore', env: environment, detached: true });
  const lines = () => readFileSync(said, 'utf8').split('\n').slice(0, -1);
  const pid = await poll(() => Number(lines()[0]) || undefined, { timeoutMs: 30_000 });
  const watcher = identify(pid ?? 0);
  onTestFinished(() => {
    if (livenessOf(watcher) === 'alive') process.kill(watcher.pid, 'SIGKILL');
  });
  return { npm: npm.pid ?? 0, watcher, lines };
}

it.for(['SIGKILL', 'SIGTERM'] as const)('notices when npm ends by %s', async (signal, { skip }) => {
  skip(process.platform === 'win32', 'Windows has no signals');
  const { npm, watcher, lines } = await startByNpm();
  process.kill(npm, signal);
  expect(await poll(() => lines()[1], { timeoutMs: 10_000 })).toBe('the parent ended');
  expect(
    await poll(() => (livenessOf(identify(watcher.pid)) === 'dead' ? 'dead' : undefined), { timeoutMs: 10_000 }),
  ).toBe('dead');
});

it('notices that npm had ended before the start watched it', async ({ skip }) => {
  skip(process.platform !== 'linux', 'only Linux shows whose child a process was');
  const { npm, lines } = await startByNpm('late');
  process.kill(npm, 'SIGKILL');
  expect(await poll(() => lines()[1], { timeoutMs: 10_000 })).toBe('the parent ended');
});
