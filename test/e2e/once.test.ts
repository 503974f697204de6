import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../../platform/project-root.ts';

const run = promisify(execFile);

/** The sources in a folder whose path has a space, as someone's checkout may have. */
let checkout: string;
beforeAll(async () => {
  checkout = await mkdtemp(path.join(os.tmpdir(), 'muster check out '));
  const root = projectRoot();
  const kept = new Set(['node_modules', 'dist', '.git', '.muster']);
  await cp(root, checkout, { recursive: true, filter: (source) => !kept.has(path.relative(root, source)) });
  await symlink(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'));
});
afterAll(() => rm(checkout, { recursive: true, force: true }));

/** Command lines of processes that work in the checkout. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(folder));
}

it('npm start -- --once provisions the examples, twice in the same folder, and leaves no process behind', async () => {
  for (const start of [1, 2]) {
    const { stdout } = await run('npm', ['start', '--silent', '--', '--once', '--json'], { cwd: checkout });
    const report = JSON.parse(stdout) as {
      well: boolean;
      results: { requestId: string; outcome: string; asExpected: boolean }[];
    };
    expect(report.well).toBe(true);
    expect(report.results.map(({ requestId, outcome }) => [requestId, outcome])).toEqual([
      [`fine-tune-${start}`, 'ready'],
      [`pretrain-${start}`, 'ready'],
      [`batch-eval-${start}`, 'failed'],
    ]);
    expect(await processesOf(checkout)).toEqual([]);
  }
}, 180_000);
