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

/** A PostgreSQL database on disk, complete and of the right major version. */
export interface Database {
  /** PostgreSQL's own data folder. */
  folder: string;
  /** The superuser's password. */
  password: string;
}

/** Written last: where it exists, the database was complete once and must not be replaced. */
interface DatabaseRecord {
  major: number;
  /** In the file: relative to the data folder, so that the data folder can be moved; absolute where it is outside. */
  folder: string;
}

/**
 * Opens the database of a data folder, or makes it. Deletes what an interrupted attempt left. Never changes a database that was
 * complete once.
 *
 * @throws {OtherOwnerError} when its files belong to another user than the one that PostgreSQL runs as
 * @throws when it has another major version, or was complete once and is damaged or gone
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
  const folder = path.join(await storageFolderFor(dataDir, user, log), 'cluster');
  await stopLeftover(path.join(dataDir, 'initdb.pid'), { ...INITDB_STOP, log });
  await removeIncomplete(folder, log);
  const password = randomBytes(24).toString('hex');
  await writeDurably(passwordFile(dataDir), `${password}\n`);
  await initialize(folder, password, { dataDir, binaries, user, log });
  const stored = { major: binaries.major, folder: storedPath(dataDir, folder) };
  await writeDurably(recordFile(dataDir), `${JSON.stringify(stored)}\n`);
  return { folder, password };
}

/** Deletes a stopped database, complete or not, with its data folder and its files outside of that. */
export async function deleteDatabase(dataDir: string): Promise<void> {
  const folder = path.resolve(dataDir);
  // Delete the rest even if the record cannot be read.
  const record = await readDatabaseRecord(folder).catch(() => undefined);
  const home = record && path.dirname(record.folder);
  // Only a folder with a name of ours: a wrong record must not delete any other folder.
  if (home !== undefined && /^postgres-[0-9a-f]{12}$/.test(path.basename(home))) {
    await rm(home, { recursive: true, force: true });
  }
  // A start that was killed before it wrote the record may have left files there.
  if (serverUser()) await rm(await externalFolderFor(folder), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

/** Where the files go: the data folder, or a shared folder where PostgreSQL's user cannot enter the data folder. */
async function storageFolderFor(dataDir: string, user: ServerUser | undefined, log: LocalLog): Promise<string> {
  if (!user) return dataDir;
  const { mode } = await stat(dataDir);
  await chmod(dataDir, mode | 0o011);
  if (canEnter(user, dataDir)) return dataDir;
  const home = await externalFolderFor(dataDir);
  await mkdir(home, { recursive: true });
  await chmod(home, 0o711);
  log.warn('the database files are outside the data folder: their user cannot enter it', { dataDir, home });
  return home;
}

async function externalFolderFor(dataDir: string): Promise<string> {
  const key = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  return path.join(await sharedFolder(), `postgres-${key}`);
}

/**
 * Deletes an incomplete database, so that interrupted starts leave nothing behind. If a server has run on it, which leaves
 * `postmaster.opts`, it holds data and only its record was lost: then it is renamed.
 */
async function removeIncomplete(folder: string, log: LocalLog): Promise<void> {
  if (!(await exists(folder))) return;
  if (await exists(path.join(folder, 'postmaster.opts'))) {
    const aside = `${folder}.lost-${Date.now()}`;
    await rename(folder, aside);
    log.warn('found a database without its record; making a new one', { movedTo: aside });
  } else {
    await rm(folder, { recursive: true });
    log.warn('an interrupted attempt left an incomplete database; making a new one', { folder });
  }
}

function exists(file: string): Promise<boolean> {
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
    `The database in ${folder} was made by PostgreSQL ${major}, and the installed programs are version ${binaries.major}. ` +
    `Dump it with PostgreSQL ${major} (pg_dumpall) and load the dump into a new one, or install the older programs.`
  );
}

function howToReset(dataDir: string): string {
  return `To delete ${path.dirname(dataDir)} and start from nothing: npm start -- --reset`;
}
