import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { DataFolderInUseError, lockDataFolder } from '../../local/data-folder.ts';
import { OtherOwnerError } from '../../local/other-owner.ts';
import { identify } from '../../local/processes/process-identity.ts';
import { scratchFolder } from './scratch.ts';

it('refuses a second stack and names the first one', async () => {
  const folder = scratchFolder();
  const lock = await lockDataFolder(folder);
  const refused = await lockDataFolder(folder).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(DataFolderInUseError);
  expect((refused as Error).message).toContain(`process ${process.pid}`);
  await lock.release();
  await (await lockDataFolder(folder)).release();
});

it('names the owner of a folder that this user may not write to', async ({ skip }) => {
  skip(process.getuid?.() !== 0, 'needs root, to act as another user');
  const folder = scratchFolder();
  chownSync(folder, 12_345, 12_345);
  chmodSync(folder, 0o755);
  process.seteuid?.(54_321);
  const refused = await lockDataFolder(folder).catch((error: unknown) => error);
  process.seteuid?.(0);
  expect(refused).toBeInstanceOf(OtherOwnerError);
  expect((refused as Error).message).toMatch(/belongs to user 12345.*--data.*--reset/);
});

it('takes over from a dead holder once, even if many try at the same time', async () => {
  const folder = scratchFolder();
  const { pid } = spawnSync('true');
  writeFileSync(path.join(folder, 'stack.lock'), JSON.stringify({ pid, started: 'long ago' }));
  const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataFolder(folder)));
  expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
});

it('takes over when another process has the pid of a dead holder', async () => {
  const folder = scratchFolder();
  const holder = { ...identify(process.ppid), started: 'another boot' };
  writeFileSync(path.join(folder, 'stack.lock'), JSON.stringify(holder));
  await expect(lockDataFolder(folder)).resolves.toBeDefined();
});
