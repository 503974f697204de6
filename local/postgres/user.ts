import { spawnSync } from 'node:child_process';
import { chmod, lstat, mkdir } from 'node:fs/promises';

/** Users to try, best first: PostgreSQL refuses to run as root, and these exist on servers and in containers. */
const CANDIDATES = ['postgres', '_postgres', 'nobody', 'daemon'];

/** Ids a server runs under instead of root. */
export interface ServerUser {
  uid: number;
  gid: number;
}

/** The user PostgreSQL must run as, `undefined` when that is simply ours. @throws for root without any such user. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of CANDIDATES) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(
    `PostgreSQL refuses to run as root and none of these users exists: ${CANDIDATES.join(', ')}. ` +
      'Start as another user, or create a user named postgres.',
  );
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
  const id = answer.status === 0 ? Number(answer.stdout.trim()) : Number.NaN;
  return Number.isInteger(id) && id > 0 ? id : undefined;
}

/** Whether `user` can read and enter (or run) `file`, every folder above it included. The kernel answers. */
export function canUse(user: ServerUser, file: string): boolean {
  const test = spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', file], { ...user, cwd: '/' });
  return test.status === 0;
}

/** Whether `user` can pass through `folder`, every folder above it included. */
export function canEnter(user: ServerUser, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/' }).status === 0;
}

/**
 * A folder of ours that every user can enter, for what a server's user must reach and cannot below our own folders.
 * `/var/lib` comes first: systems clean old files out of `/var/tmp`.
 *
 * @throws when none can be made, or one is there that somebody else could have prepared.
 */
export async function sharedFolder(): Promise<string> {
  const ours = process.getuid?.();
  const problems: string[] = [];
  for (const folder of ['/var/lib/muster', `/var/tmp/muster-${ours ?? 'user'}`]) {
    try {
      await makeEnterable(folder);
      const found = await lstat(folder);
      // In a folder that all can write to, somebody else may have been there first.
      if (found.isDirectory() && found.uid === ours && (found.mode & 0o022) === 0) return folder;
      problems.push(`${folder} does not belong to this user alone`);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`no folder that the database's user can reach: ${problems.join('; ')}`);
}

async function makeEnterable(folder: string): Promise<void> {
  try {
    await mkdir(folder);
    // Not mkdir's mode: the umask would take from it.
    await chmod(folder, 0o755);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
