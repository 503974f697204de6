import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Machine } from '../../local/programs/program.ts';

/** A folder for one test, deleted at its end. Other users may enter it, as they may enter a checkout. */
export function scratchFolder(name = 'muster'): string {
  const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
  chmodSync(folder, 0o755);
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** This machine with its cache, so that tests do not download or build again, and the folders that a shell would search. */
export const machine: Machine & { readonly path: string } = {
  cacheDir: path.join(homedir(), '.cache'),
  path: '/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
  childEnv: { HOME: homedir() },
};
