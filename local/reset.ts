import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { PROVIDER_NAMES } from '../contracts/providers/registry.ts';
import { lockDataFolder } from './data-folder.ts';
import { deleteDatabase } from './postgres/database.ts';
import { silentLog } from './processes/log.ts';
import { stopLeftovers } from './processes/pid-file.ts';
import { isReal, WrongDataFolderError } from './real-providers.ts';

/** What a stack makes in its data folder, and in the folders there; a name of ours may have a suffix: a draft, a lock. */
const OURS: Readonly<Record<string, readonly string[] | undefined>> = {
  'stack.lock.take-over': [],
  'stack.lock': undefined,
  'stack.json': undefined,
  'muster.log': undefined,
  starts: undefined,
  postgres: ['cluster', 'initdb', 'postgres', 'superuser-password', '.initdb-password'],
  temporal: ['temporal'],
  'web-ui': ['config', 'web-ui'],
  simulators: PROVIDER_NAMES,
};

/** A server that a killed stack left: its data goes, but what it shares with the system is given back. */
const SERVER_STOP = { stopSignal: 'SIGINT', stopTimeoutMs: 10_000, log: silentLog } as const;

/** The folder holds what no stack has made, so nothing in it is deleted. */
export class NotADataFolderError extends Error {
  override readonly name = 'NotADataFolderError';

  constructor(folder: string, stranger: string) {
    super(
      `${folder} is not a data folder of a local stack: it holds ${stranger}. Nothing was deleted. ` +
        'Name the right folder, or move that away.',
    );
  }
}

/**
 * Deletes everything a local stack keeps in its data folder, and its database where that lives elsewhere; ends servers
 * that a killed stack left running on it. The folder itself stays; one that is missing or empty is left as it is.
 *
 * @throws {WrongDataFolderError} when its ledger may know clusters at real providers.
 * @throws {NotADataFolderError} when it holds anything that a stack does not make.
 * @throws {DataFolderInUseError} while a stack runs on it.
 */
export async function resetDataFolder(dataDir: string): Promise<void> {
  const folder = path.resolve(dataDir);
  if ((await namesIn(folder)).length === 0) return;
  if (isReal(folder)) {
    throw new WrongDataFolderError(
      `the ledger in ${folder} is the only memory of clusters at real providers: it is not deleted here. ` +
        'Release every cluster first, then delete the folder by hand.',
    );
  }
  await refuseStrangers(folder);
  const lock = await lockDataFolder(folder);
  try {
    for (const part of ['postgres', 'temporal', 'web-ui']) await stopLeftovers(path.join(folder, part), SERVER_STOP);
    await deleteDatabase(path.join(folder, 'postgres'));
    for (const name of await namesIn(folder)) {
      // Ours while we work; its release removes it.
      if (name !== 'stack.lock') await rm(path.join(folder, name), { recursive: true, force: true });
    }
  } finally {
    await lock.release();
  }
}

/** Names alone could be a coincidence (`postgres` and `temporal` are also programs), so the folders' own are checked. */
async function refuseStrangers(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = Object.keys(OURS).find((ours) => isNamed(entry.name, ours));
    const inside = name === undefined ? undefined : OURS[name];
    // A link would lead us to somebody else's files.
    if (name === undefined || entry.isDirectory() !== (inside !== undefined) || entry.isSymbolicLink()) {
      throw new NotADataFolderError(folder, entry.name);
    }
    if (!inside) continue;
    const stranger = (await namesIn(path.join(folder, entry.name))).find(
      (each) => !inside.some((ours) => isNamed(each, ours)),
    );
    if (stranger !== undefined) throw new NotADataFolderError(folder, path.join(entry.name, stranger));
  }
}

function isNamed(name: string, ours: string): boolean {
  return name === ours || name.startsWith(`${ours}.`);
}

/** Nothing where the folder is missing. @throws when it cannot be read, or is a file. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
