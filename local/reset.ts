import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { PROVIDER_NAMES } from '../contracts/providers/registry.ts';
import { lockDataFolder } from './data-folder.ts';
import { deleteDatabase } from './postgres/database.ts';
import { silentLog } from './processes/log.ts';
import { stopLeftovers } from './processes/pid-file.ts';
import { isReal, WrongDataFolderError } from './real-providers.ts';

/** What a stack creates in its data folder, and in the folders there. A name may have a suffix, such as a draft's. */
const CONTENTS: Readonly<Record<string, readonly string[] | undefined>> = {
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

/** How a server of a killed stack is stopped. In order: it must release what it shares with the system. */
const SERVER_STOP = { stopSignal: 'SIGINT', stopTimeoutMs: 10_000, log: silentLog } as const;

/** The folder holds a file that no stack creates, so nothing in it is deleted. */
export class NotADataFolderError extends Error {
  override readonly name = 'NotADataFolderError';

  constructor(folder: string, stranger: string) {
    super(
      `${folder} is not a data folder of a local stack: it holds ${stranger}. Nothing was deleted. ` +
        'Name the right folder, or move that file.',
    );
  }
}

/**
 * Deletes everything in the data folder of a local stack, and its database if that is outside. Stops servers that a killed stack
 * left. The folder itself stays.
 *
 * @throws {WrongDataFolderError} when its ledger may know clusters at real providers
 * @throws {NotADataFolderError} when it holds anything that a stack does not create
 * @throws {DataFolderInUseError} while a stack uses it
 * @throws {OtherOwnerError} when it belongs to another user, and this user may not write to it
 */
export async function resetDataFolder(dataDir: string): Promise<void> {
  const folder = path.resolve(dataDir);
  if ((await namesIn(folder)).length === 0) return;
  if (isReal(folder)) {
    throw new WrongDataFolderError(
      `the ledger in ${folder} is the only record of clusters at real providers, so it is not deleted here. ` +
        'Release every cluster first, then delete the folder yourself.',
    );
  }
  await refuseStrangers(folder);
  const lock = await lockDataFolder(folder);
  try {
    for (const part of ['postgres', 'temporal', 'web-ui']) await stopLeftovers(path.join(folder, part), SERVER_STOP);
    await deleteDatabase(path.join(folder, 'postgres'));
    for (const name of await namesIn(folder)) {
      // Held until the end; its release removes it.
      if (name !== 'stack.lock') await rm(path.join(folder, name), { recursive: true, force: true });
    }
  } finally {
    await lock.release();
  }
}

/** Also checks the content of the folders: another program may use a name such as `postgres`. */
async function refuseStrangers(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = Object.keys(CONTENTS).find((each) => isNamed(entry.name, each));
    const inside = name === undefined ? undefined : CONTENTS[name];
    // A link would lead to files outside.
    if (name === undefined || entry.isDirectory() !== (inside !== undefined) || entry.isSymbolicLink()) {
      throw new NotADataFolderError(folder, entry.name);
    }
    if (!inside) continue;
    const stranger = (await namesIn(path.join(folder, entry.name))).find(
      (each) => !inside.some((known) => isNamed(each, known)),
    );
    if (stranger !== undefined) throw new NotADataFolderError(folder, path.join(entry.name, stranger));
  }
}

function isNamed(name: string, known: string): boolean {
  return name === known || name.startsWith(`${known}.`);
}

/** Empty if the folder is missing. @throws when it cannot be read, or is a file */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
