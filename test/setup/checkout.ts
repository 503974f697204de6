import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
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
  const all = process.platform === 'linux' ? await readProc() : await askPs();
  const isInside = (cwd: string): boolean => cwd === folder || cwd.startsWith(`${folder}${path.sep}`);
  return all
    .filter(({ command, cwd }) => command !== '' && (command.includes(folder) || isInside(cwd)))
    .map(({ pid, command }) => `${pid} ${command}`);
}

interface Process {
  readonly pid: string;
  /** Empty for a process that has ended and was not collected yet. */
  readonly command: string;
  readonly cwd: string;
}

async function readProc(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => ({
      pid,
      command: (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
      cwd: await realpath(`/proc/${pid}/cwd`).catch(() => ''),
    })),
  );
}

/** For systems without /proc, such as macOS. */
async function askPs(): Promise<Process[]> {
  const run = promisify(execFile);
  const { stdout: processes } = await run('ps', ['-axww', '-o', 'pid=,command=']);
  // lsof ends with 1 if it may not read some processes.
  const { stdout: folders } = await run('lsof', ['-d', 'cwd', '-F', 'pn']).catch(
    (error: unknown) => error as { stdout: string },
  );
  const cwds = new Map(
    [...folders.matchAll(/^p(\d+)\n(?:f.*\n)?n(.*)$/gm)].map(([, pid = '', cwd = '']) => [pid, cwd]),
  );
  return [...processes.matchAll(/^ *(\d+) (.*)$/gm)].map(([, pid = '', command = '']) => ({
    pid,
    command: command.includes('<defunct>') ? '' : command,
    cwd: cwds.get(pid) ?? '',
  }));
}
