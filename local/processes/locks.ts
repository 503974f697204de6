import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { identify, livenessOf, parseIdentity, pidExists, type ProcessIdentity } from './process-identity.ts';
import { poll } from './poll.ts';

/** Taking over a stale lock lasts milliseconds. A take-over that is this old was interrupted (policy). */
const TAKE_OVER_STALE_MS = 10_000;

export type LockAttempt =
  | { taken: true; release: () => Promise<void> }
  /** `holder` is `undefined` while another process is in the middle of taking or releasing the lock. */
  | { taken: false; holder: ProcessIdentity | undefined };

/** Other processes held the lock for longer than the caller waits. */
export class LockTimeoutError extends Error {
  override readonly name = 'LockTimeoutError';
}

/**
 * Does work while it holds the lock file. Waits while other processes hold it, and calls `onWait` each time it finds the lock
 * taken.
 *
 * @throws {LockTimeoutError} when the lock was not free within `timeoutMs`
 */
export async function withLock<T>(
  file: string,
  options: { timeoutMs: number; intervalMs?: number; onWait?: () => void },
  work: () => Promise<T>,
): Promise<T> {
  const lock = await poll(async () => {
    const attempt = await tryLock(file);
    if (attempt.taken) return attempt;
    options.onWait?.();
    return undefined;
  }, options);
  if (!lock) throw new LockTimeoutError(`${file} was held by another process for over ${options.timeoutMs} ms`);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/**
 * Tries once to take the lock file. Takes over a lock whose holder is dead. Where the system does not tell when a process
 * started, any living process with the holder's pid counts as the holder.
 */
export async function tryLock(file: string): Promise<LockAttempt> {
  await mkdir(path.dirname(file), { recursive: true });
  if (await claim(file)) return await taken(file);
  const holder = await readHolder(file);
  if (holder && livenessOf(holder) !== 'dead') return { taken: false, holder };
  return (await takeOver(file)) ? await taken(file) : { taken: false, holder: undefined };
}

/** Removes drafts of processes that were killed in the middle of `claim`: this process has the lock now. */
async function taken(file: string): Promise<LockAttempt> {
  for (const name of await readdir(path.dirname(file))) {
    const pid = name.startsWith(`${path.basename(file)}.`) && /\.(\d+)-[0-9a-f-]{36}$/.exec(name)?.[1];
    if (pid && !pidExists(Number(pid))) await rm(path.join(path.dirname(file), name), { force: true });
  }
  return { taken: true, release: () => release(file) };
}

/** Writes the lock to a draft and links that into place: readers see a whole file, and only one process succeeds. */
async function claim(file: string): Promise<boolean> {
  const draft = `${file}.${process.pid}-${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(identify(process.pid))}\n`, { flag: 'wx' });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** One process at a time takes over: two that find the same dead holder must not remove each other's new lock. */
async function takeOver(file: string): Promise<boolean> {
  const guard = `${file}.take-over`;
  try {
    await mkdir(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const made = await stat(guard).catch(() => undefined);
    if (made && Date.now() - made.mtimeMs > TAKE_OVER_STALE_MS) await rmdir(guard).catch(() => undefined);
    return false;
  }
  try {
    const holder = await readHolder(file);
    if (holder && livenessOf(holder) !== 'dead') return false;
    await rm(file, { force: true });
    return await claim(file);
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

async function release(file: string): Promise<void> {
  const holder = await readHolder(file);
  if (holder?.pid === process.pid) await rm(file, { force: true });
}

async function readHolder(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return parseIdentity(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
