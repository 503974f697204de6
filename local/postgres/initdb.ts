import { chown, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ChildFailedError } from '../processes/child-failed.ts';
import { startChild } from '../processes/child.ts';
import type { LocalLog } from '../processes/log.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { ServerUser } from './user.ts';
import { writeDurably } from './write-durably.ts';

export const SUPERUSER = 'postgres';
export const INITDB_STOP = { name: 'initdb', stopSignal: 'SIGINT', stopTimeoutMs: 5_000 } as const;
/** Usually under 2 s; on slow disks longer (policy). */
const INITDB_TIMEOUT_MS = 120_000;

/**
 * Makes a database in a new folder, with this password for its superuser.
 *
 * @throws {ChildFailedError} when initdb fails or takes longer than 120 s. An incomplete database may remain.
 */
export async function initialize(
  folder: string,
  password: string,
  options: { dataDir: string; binaries: PostgresBinaries; user: ServerUser | undefined; log: LocalLog },
): Promise<void> {
  const { user, dataDir } = options;
  // initdb reads the password as its own user, so this file belongs to that user. It is deleted after initdb.
  const passwordCopy = path.join(path.dirname(folder), '.initdb-password');
  await mkdir(folder, { mode: 0o700 });
  try {
    await writeDurably(passwordCopy, password);
    if (user) {
      await chown(folder, user.uid, user.gid);
      await chown(passwordCopy, user.uid, user.gid);
    }
    const initdb = await startChild({
      ...INITDB_STOP,
      command: options.binaries.initdb,
      args: [
        ...['--pgdata', folder, '--username', SUPERUSER, '--pwfile', passwordCopy],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'libc'],
      ],
      runDir: dataDir,
      cwd: folder,
      user,
      log: options.log,
    });
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, INITDB_TIMEOUT_MS, `initdb took longer than ${INITDB_TIMEOUT_MS} ms`);
    });
    try {
      const end = await Promise.race([initdb.exited, tooLong]);
      if (!initdb.succeeded()) throw new ChildFailedError(end, initdb.logFile, await initdb.output());
    } finally {
      clearTimeout(timer);
      await initdb.stop();
    }
  } finally {
    await rm(passwordCopy, { force: true });
  }
}
