import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LocalLog } from '../processes/log.ts';
import type { PostgresBinaries } from './binaries.ts';
import { endLeftover } from '../processes/pid-file.ts';
import { canEnter, sharedFolder, type ServerUser } from './user.ts';
import { ChildFailedError, startChild } from '../processes/child.ts';

export const SUPERUSER = 'postgres';
/** Usually under 2 s; slow disks sync for longer. */
const INITDB_TIMEOUT_MS = 120_000;
const INITDB_END = { name: 'initdb', stopSignal: 'SIGINT', stopTimeoutMs: 5_000 } as const;

/** A database cluster on disk, complete and of the right version. */
export interface Cluster {
  /** PostgreSQL's own data folder. */
  folder: string;
  /** Of `SUPERUSER`. */
  password: string;
}

/** Written last, so its presence says that the cluster was complete once and must never be made anew by itself. */
interface ClusterRecord {
  major: number;
  /** As stored: relative to the data folder, so that one can be moved; absolute when it lives elsewhere. */
  folder: string;
}

/**
 * Finds the cluster of a data folder, or makes it. What an interrupted attempt left is moved aside and made anew; a
 * cluster that was complete once is never touched.
 *
 * @throws when it is of another major version, or was complete and is damaged or gone.
 */
export async function openCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
  log: LocalLog,
): Promise<Cluster> {
  const record = await readClusterRecord(dataDir);
  if (record) {
    const found = await readFile(path.join(record.folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
    if (found === undefined) throw new Error(`${damaged(record.folder)} ${howToBeginAnew(dataDir)}`);
    const major = Number(found.trim());
    if (major !== binaries.major)
      throw new Error(`${otherMajor(record.folder, major, binaries)} ${howToBeginAnew(dataDir)}`);
    const password = await readFile(passwordFile(dataDir), 'utf8').catch(() => undefined);
    if (!password) throw new Error(`${passwordFile(dataDir)} is gone. ${howToBeginAnew(dataDir)}`);
    return { folder: record.folder, password: password.trim() };
  }
  const folder = path.join(await homeFor(dataDir, user, log), 'cluster');
  await endLeftover(path.join(dataDir, 'initdb.pid'), { ...INITDB_END, log });
  await moveAside(folder, log);
  const password = randomBytes(24).toString('hex');
  await writeDurably(passwordFile(dataDir), `${password}\n`);
  await initialize(folder, password, { dataDir, binaries, user, log });
  await writeDurably(
    recordFile(dataDir),
    `${JSON.stringify({ major: binaries.major, folder: storedPath(dataDir, folder) })}\n`,
  );
  return { folder, password };
}

/** Deletes a stopped cluster with everything in it, also where its files live outside the data folder. */
export async function deleteCluster(dataDir: string): Promise<void> {
  const record = await readClusterRecord(path.resolve(dataDir));
  if (record) {
    await rm(record.folder, { recursive: true, force: true });
    const home = path.dirname(record.folder);
    if (home !== path.resolve(dataDir)) await rm(home, { recursive: true, force: true });
  }
  await rm(dataDir, { recursive: true, force: true });
}

/** The data folder itself, or one that PostgreSQL's user can reach when it may not pass the folders above. */
async function homeFor(dataDir: string, user: ServerUser | undefined, log: LocalLog): Promise<string> {
  if (!user) return dataDir;
  const { mode } = await stat(dataDir);
  await chmod(dataDir, mode | 0o011);
  if (canEnter(user, dataDir)) return dataDir;
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const home = path.join(await sharedFolder(), `postgres-${key}`);
  await mkdir(home, { recursive: true });
  await chmod(home, 0o711);
  log.warn('the database files live outside the data folder: its user cannot reach them there', { dataDir, home });
  return home;
}

async function initialize(
  folder: string,
  password: string,
  options: { dataDir: string; binaries: PostgresBinaries; user: ServerUser | undefined; log: LocalLog },
): Promise<void> {
  const { user, dataDir } = options;
  // initdb reads the password as its own user, so this copy is that user's; it lives as long as initdb.
  const handover = path.join(path.dirname(folder), '.initdb-password');
  await mkdir(folder, { mode: 0o700 });
  try {
    await writeDurably(handover, password);
    if (user) {
      await chown(folder, user.uid, user.gid);
      await chown(handover, user.uid, user.gid);
    }
    const initdb = await startChild({
      ...INITDB_END,
      command: options.binaries.initdb,
      args: [
        ...['--pgdata', folder, '--username', SUPERUSER, '--pwfile', handover],
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
    await rm(handover, { force: true });
  }
}

/** Moved, not deleted: should this ever judge wrongly, the files are still there. */
async function moveAside(folder: string, log: LocalLog): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (!found) return;
  const aside = `${folder}.incomplete-${Date.now()}`;
  await rename(folder, aside);
  log.warn('an interrupted attempt left a half-made database; making it anew', { movedTo: aside });
}

async function readClusterRecord(dataDir: string): Promise<ClusterRecord | undefined> {
  let text: string;
  try {
    text = await readFile(recordFile(dataDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { major, folder } = JSON.parse(text) as { major?: unknown; folder?: unknown };
  if (typeof major !== 'number' || typeof folder !== 'string') throw new Error(`cannot read ${recordFile(dataDir)}`);
  return { major, folder: path.resolve(dataDir, folder) };
}

function storedPath(dataDir: string, folder: string): string {
  return path.dirname(folder) === dataDir ? path.basename(folder) : folder;
}

/** Whole or not at all, and on disk before the next step; readable by this user only. */
async function writeDurably(file: string, content: string): Promise<void> {
  const draft = `${file}.draft`;
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

function recordFile(dataDir: string): string {
  return path.join(dataDir, 'cluster.json');
}

function passwordFile(dataDir: string): string {
  return path.join(dataDir, 'superuser-password');
}

function damaged(folder: string): string {
  return `The database in ${folder} was complete once and is damaged or gone. Restore it from a copy.`;
}

function otherMajor(folder: string, major: number, binaries: PostgresBinaries): string {
  return (
    `The database in ${folder} is of PostgreSQL ${major}, the installed programs are of ${binaries.major}. ` +
    `Dump it with PostgreSQL ${major} (pg_dumpall) and load the dump into a new one, or install the older programs.`
  );
}

function howToBeginAnew(dataDir: string): string {
  return `To begin with an empty database, move ${dataDir} away.`;
}
