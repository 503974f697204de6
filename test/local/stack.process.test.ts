import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DataFolderInUseError } from '../../local/data-folder.ts';
import { identify, livenessOf } from '../../local/processes/process-identity.ts';
import { startStack, type Stack, type StackOptions, type StackStep } from '../../local/stack.ts';
import { readStackNote } from '../../platform/stack-note.ts';
import { machine, scratchFolder } from './scratch.ts';

async function start(options: Pick<StackOptions, 'dataDir' | 'onStep'>): Promise<Stack> {
  const stack = await startStack({ speed: 120, temporal: { ...machine, port: 0, uiPort: 0 }, ...options });
  onTestFinished(() => stack.stop());
  return stack;
}

it('reports its steps, writes its note, refuses a second stack on its folder, and leaves nothing running', async () => {
  const dataDir = path.join(scratchFolder(), 'data folder');
  const steps: StackStep[] = [];
  const stack = await start({ dataDir, onStep: (step) => steps.push(step) });

  const done = steps.filter(({ state }) => state === 'done').map(({ name }) => name);
  expect(done).toEqual(['PostgreSQL', 'Temporal', 'Web UI', 'simulators', 'workers']);
  for (const { note } of steps) expect(note ?? '').not.toMatch(/\d+ m?s\b/);
  expect((await fetch(`http://127.0.0.1:${stack.healthPort}/healthz`)).status).toBe(200);

  const { address, namespace, uiUrl } = stack.temporal;
  const note = { pid: process.pid, address, namespace, uiUrl };
  expect(readStackNote(dataDir)).toEqual(note);
  await expect(start({ dataDir, onStep: () => undefined })).rejects.toThrow(DataFolderInUseError);
  expect(readStackNote(dataDir)).toEqual(note);

  const servers = ['postgres', 'temporal', 'web-ui'].map((name) => {
    const file = path.join(dataDir, name, `${name}.pid`);
    return identify((JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid);
  });
  await stack.stop();
  expect(servers.map(livenessOf)).toEqual(['dead', 'dead', 'dead']);
  expect(readdirSync(dataDir).sort()).toEqual(['muster.log', 'postgres', 'simulators', 'temporal', 'web-ui']);
});

it('removes the note of a killed stack first, and stops all parts if one fails', async () => {
  const dataDir = scratchFolder();
  writeFileSync(path.join(dataDir, 'stack.json'), JSON.stringify({ pid: process.pid, address: 'of the dead' }));
  // The first part fails, because its database was complete once and is gone.
  mkdirSync(path.join(dataDir, 'postgres'));
  writeFileSync(path.join(dataDir, 'postgres', 'cluster.json'), JSON.stringify({ major: 18, folder: 'cluster' }));
  await expect(start({ dataDir, onStep: () => undefined })).rejects.toThrow('was complete once');
  expect(readdirSync(dataDir).sort()).toEqual(['muster.log', 'postgres']);
});
