import path from 'node:path';
import { OtherOwnerError, otherOwnerOf } from './other-owner.ts';
import { tryLock } from './processes/locks.ts';
import { poll } from './processes/poll.ts';

/** Longest wait while another start takes or releases the folder (policy). */
const LOCK_SETTLE_MS = 15_000;

/** Another running stack uses the data folder. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly pid: number | undefined;

  constructor(folder: string, pid: number | undefined) {
    super(
      `${folder} is in use by ${pid === undefined ? 'another process' : `process ${pid}`}. ` +
        'Stop that stack first, or name another folder with --data.',
    );
    this.pid = pid;
  }
}

/**
 * Makes this process the only user of a data folder until `release`. Creates the folder if missing, and takes over the lock of a
 * dead process.
 *
 * @throws {DataFolderInUseError} while another living process uses the folder
 * @throws {OtherOwnerError} when the folder belongs to another user, and this user may not write to it
 */
export async function lockDataFolder(folder: string): Promise<{ release: () => Promise<void> }> {
  const file = path.join(path.resolve(folder), 'stack.lock');
  const answer = await poll(
    async () => {
      const attempt = await tryLock(file).catch((error: unknown) => explained(error, path.dirname(file)));
      return attempt.taken || attempt.holder ? attempt : undefined;
    },
    { timeoutMs: LOCK_SETTLE_MS },
  );
  if (!answer?.taken) throw new DataFolderInUseError(path.resolve(folder), answer?.holder?.pid);
  return { release: answer.release };
}

async function explained(error: unknown, folder: string): Promise<never> {
  const { code } = error as NodeJS.ErrnoException;
  const owner = await otherOwnerOf(folder, process.geteuid?.());
  if ((code !== 'EACCES' && code !== 'EPERM') || owner === undefined) throw error;
  throw new OtherOwnerError(
    `${folder} belongs to user ${owner}, and this user may not write to it. Name another folder with --data, or have ` +
      'that user or root run npm start -- --reset.',
    { cause: error },
  );
}
