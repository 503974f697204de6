import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A file in a data folder whose ledger knows clusters at real providers. It names the providers and is never removed. */
const REAL_MARK = 'real-providers';

/** The data folder was used for other providers than this start's. */
export class WrongDataFolderError extends Error {
  override readonly name = 'WrongDataFolderError';
}

/** Whether a data folder's ledger may know real clusters, which cost money. */
export const isReal = (dataDir: string): boolean => existsSync(path.join(dataDir, REAL_MARK));

/**
 * Uses a data folder for real or for simulated providers, and refuses to mix them: a simulator would report a real cluster as
 * gone, and the ledger would settle it. Marks a new folder for real providers.
 *
 * @param real names of the real providers; empty for the simulators
 * @throws {WrongDataFolderError}
 */
export function dedicateDataFolder(dataDir: string, real: readonly string[]): void {
  const mark = path.join(dataDir, REAL_MARK);
  if (isReal(dataDir)) {
    const known = readFileSync(mark, 'utf8').trim();
    if (real.join(',') === known) return;
    throw new WrongDataFolderError(
      `the ledger in ${dataDir} knows clusters at the real ${known}. Start it with --real ${known}, ` +
        'or name another folder with --data.',
    );
  }
  if (real.length === 0) return;
  if (existsSync(path.join(dataDir, 'postgres'))) {
    throw new WrongDataFolderError(
      `${dataDir} was made for simulated providers. Name another folder with --data for the real ${real.join(',')}.`,
    );
  }
  writeFileSync(mark, `${real.join(',')}\n`);
}
