import { spawnSync } from 'node:child_process';
import { chmod, lstat, mkdir } from 'node:fs/promises';

/** Users to try in order. PostgreSQL refuses to run as root; these users exist on servers and in containers. */
const CANDIDATES = ['postgres', '_postgres', 'nobody', 'daemon'];

/** The user that the server runs as instead of root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** The user that PostgreSQL must run as; undefined for this process's own. @throws as root, when no such user exists */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of CANDIDATES) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(
    `PostgreSQL refuses to run as root and none of these users exists: ${CANDIDATES.join(', ')}. ` +
      'Run as another user, or create a user named postgres.',
  );
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
  const id = answer.status === 0 ? Number(answer.stdout.trim()) : Number.NaN;
  return Number.isInteger(id) && id > 0 ? id : undefined;
}

/** Whether `user` can read and run (or enter) a file. Asks the kernel, so all folders above count. */
export function canUse(user: ServerUser, file: string): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', file], { ...user, cwd: '/' });
  return test.status === 0;
}

/** Whether `user` can enter a folder, which needs the right to enter all folders above. */
export function canEnter(user: ServerUser, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/' }).status === 0;
}

/**
 * A folder that every user can enter, for files that the server's user must reach. `/var/lib` comes first: systems delete old
 * files in `/var/tmp`.
 *
 * @throws when none can be made, or when another user could have prepared one
 */
export async function sharedFolder(): Promise<string> {
  const ours = process.getuid?.();
  const problems: string[] = [];
  for (const folder of ['/var/lib/muster', `/var/tmp/muster-${ours ?? 'user'}`]) {
    try {
      await makeEnterable(folder);
      const found = await lstat(folder);
      // Everybody can write to /var/tmp, so another user may have made this folder.
      if (found.isDirectory() && found.uid === ours && (found.mode & 0o022) === 0) return folder;
      problems.push(`other users can write to ${folder}, or own it`);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`found no folder that the database's user can enter: ${problems.join('; ')}`);
}

async function makeEnterable(folder: string): Promise<void> {
  try {
    await mkdir(folder);
    // The umask limits mkdir's own mode.
    await chmod(folder, 0o755);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
