import { chmod, cp, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../platform/project-root.ts';

/** A copy of the checkout in which a test starts Muster as a user does. */
export interface Checkout {
  readonly folder: string;
  /** Command lines of the processes that belong to it. */
  processes(): Promise<string[]>;
  remove(): Promise<void>;
}

/** Copies the sources to a folder whose path contains spaces, as a user's may. */
export async function copyCheckout(): Promise<Checkout> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'muster check out ')));
  // If root starts PostgreSQL, it runs as another user, who must be able to enter the folder.
  await chmod(folder, 0o755);
  const root = projectRoot();
  const left = new Set(['node_modules', 'dist', '.git', '.muster', '.muster-real']);
  await cp(root, folder, { recursive: true, filter: (source) => !left.has(path.relative(root, source)) });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  return checkoutAt(folder);
}

export function checkoutAt(folder: string): Checkout {
  return {
    folder,
    processes: () => processesOf(folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A process belongs to a checkout if its command line contains the path, or its working directory is inside. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const cwd = await realpath(`/proc/${pid}/cwd`).catch(() => '');
      const ours = line.includes(folder) || cwd === folder || cwd.startsWith(`${folder}${path.sep}`);
      // A process that has ended and was not collected yet has no command line.
      return ours && line !== '' ? `${pid} ${line.replaceAll('\0', ' ')}` : '';
    }),
  );
  return found.filter((line) => line !== '');
}
