import { createHash, randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { LocalLog } from '../processes/log.ts';
import { OtherOwnerError, otherOwnerOf } from '../other-owner.ts';
import type { PostgresBinaries } from './binaries.ts';
import { stopLeftover } from '../processes/pid-file.ts';
import { canEnter, serverUser, sharedFolder, type ServerUser } from './user.ts';
import { INITDB_STOP, initialize } from './initdb.ts';
import { writeDurably } from './write-durably.ts';

/** A database cluster on disk, complete and of the right version. */
export interface Database {
  /** PostgreSQL's own data folder. */
  folder: string;
  /** Of the superuser. */
  password: string;
}

/** Written last, so its presence says that the cluster was complete once and must never be made anew by itself. */
interface DatabaseRecord {
  major: number;
  /** As stored: relative to the data folder, so that one can be moved; absolute when it lives elsewhere. */
  folder: string;
}

/**
 * Finds the cluster of a data folder, or makes it. What an interrupted attempt left is deleted and made anew; a cluster
 * that was complete once is never touched.
 *
 * @throws {OtherOwnerError} when its files belong to another user than the one that PostgreSQL runs as.
 * @throws when it is of another major version, or was complete and is damaged or gone.
 */
export async function openDatabase(
  dataDir: string,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
  log: LocalLog,
): Promise<Database> {
  const record = await readDatabaseRecord(dataDir);
  if (record) {
    const wanted = user?.uid ?? process.getuid?.();
    const owner = await otherOwnerOf(record.folder, wanted);
    if (owner !== undefined)
      throw new OtherOwnerError(`${ofOther(record.folder, owner, wanted)} ${howToReset(dataDir)}`);
    const found = await readFile(path.join(record.folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
    if (found === undefined) throw new Error(`${damaged(record.folder)} ${howToReset(dataDir)}`);
    const major = Number(found.trim());
    if (major !== binaries.major)
      throw new Error(`${otherMajor(record.folder, major, binaries)} ${howToReset(dataDir)}`);
    const password = await readFile(passwordFile(dataDir), 'utf8').catch(() => undefined);
    if (!password) throw new Error(`${passwordFile(dataDir)} is gone. ${howToReset(dataDir)}`);
    return { folder: record.folder, password: password.trim() };
  }
  const folder = path.join(await homeFor(dataDir, user, log), 'cluster');
  await stopLeftover(path.join(dataDir, 'initdb.pid'), { ...INITDB_STOP, log });
  await removeIncomplete(folder, log);
  const password = randomBytes(24).toString('hex');
  await writeDurably(passwordFile(dataDir), `${password}\n`);
  await initialize(folder, password, { dataDir, binaries, user, log });
  const stored = { major: binaries.major, folder: storedPath(dataDir, folder) };
  await writeDurably(recordFile(dataDir), `${JSON.stringify(stored)}\n`);
  return { folder, password };
}

/** Deletes a stopped cluster, whole or half made, with its data folder and where its files live outside that. */
export async function deleteDatabase(dataDir: string): Promise<void> {
  const folder = path.resolve(dataDir);
  // A record that cannot be read is no reason to keep the rest.
  const record = await readDatabaseRecord(folder).catch(() => undefined);
  const home = record && path.dirname(record.folder);
  // Only where we put one: nobody's note deletes another folder.
  if (home !== undefined && /^postgres-[0-9a-f]{12}$/.test(path.basename(home))) {
    await rm(home, { recursive: true, force: true });
  }
  // A start that was killed before it wrote the record may have been at work there.
  if (serverUser()) await rm(await homeOutside(folder), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

/** The data folder itself, or one that PostgreSQL's user can reach when it may not pass the folders above. */
async function homeFor(dataDir: string, user: ServerUser | undefined, log: LocalLog): Promise<string> {
  if (!user) return dataDir;
  const { mode } = await stat(dataDir);
  await chmod(dataDir, mode | 0o011);
  if (canEnter(user, dataDir)) return dataDir;
  const home = await homeOutside(dataDir);
  await mkdir(home, { recursive: true });
  await chmod(home, 0o711);
  log.warn('the database files live outside the data folder: its user cannot reach them there', { dataDir, home });
  return home;
}

async function homeOutside(dataDir: string): Promise<string> {
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  return path.join(await sharedFolder(), `postgres-${key}`);
}

/**
 * A half-made cluster is deleted, so that interrupted starts do not pile up. Should its record have been lost instead,
 * it holds somebody's data: a server has run on it, which leaves its command line there, and it moves aside.
 */
async function removeIncomplete(folder: string, log: LocalLog): Promise<void> {
  if (!(await isThere(folder))) return;
  if (await isThere(path.join(folder, 'postmaster.opts'))) {
    const aside = `${folder}.lost-${Date.now()}`;
    await rename(folder, aside);
    log.warn('a database without its record was there; making a new one', { movedTo: aside });
  } else {
    await rm(folder, { recursive: true });
    log.warn('an interrupted attempt left a half-made database; making it anew', { folder });
  }
}

function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

async function readDatabaseRecord(dataDir: string): Promise<DatabaseRecord | undefined> {
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

function recordFile(dataDir: string): string {
  return path.join(dataDir, 'cluster.json');
}

function passwordFile(dataDir: string): string {
  return path.join(dataDir, 'superuser-password');
}

function damaged(folder: string): string {
  return `The database in ${folder} was complete once and is damaged or gone. Restore it from a copy.`;
}

function ofOther(folder: string, owner: number, wanted: number | undefined): string {
  return (
    `The database in ${folder} belongs to user ${owner}, as in a checkout that was copied. PostgreSQL runs as user ` +
    `${wanted ?? ''} here and refuses files of others. To keep it, give it to that user (chown -R).`
  );
}

function otherMajor(folder: string, major: number, binaries: PostgresBinaries): string {
  return (
    `The database in ${folder} is of PostgreSQL ${major}, the installed programs are of ${binaries.major}. ` +
    `Dump it with PostgreSQL ${major} (pg_dumpall) and load the dump into a new one, or install the older programs.`
  );
}

function howToReset(dataDir: string): string {
  return `To begin afresh and give up ${path.dirname(dataDir)}: npm start -- --reset`;
}
