import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder for one test, gone at its end; other users may pass, as in a checkout (mkdtemp alone closes it). */
export function scratchFolder(name = 'muster'): string {
  const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
  chmodSync(folder, 0o755);
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The cache of this machine, so that tests never fetch or build what is there. */
export const machineCache = path.join(homedir(), '.cache');
/** What a shell would search on the systems the tests run on. */
export const systemPath = '/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';
