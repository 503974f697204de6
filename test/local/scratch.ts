import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Machine } from '../../local/programs/program.ts';

/** A folder for one test, gone at its end; other users may pass, as in a checkout (mkdtemp alone closes it). */
export function scratchFolder(name = 'muster'): string {
  const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
  chmodSync(folder, 0o755);
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** This machine, with its cache, so that tests never fetch or build what is there; and what a shell would search. */
export const machine: Machine & { readonly path: string } = {
  cacheDir: path.join(homedir(), '.cache'),
  path: '/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
  childEnv: { HOME: homedir() },
};
