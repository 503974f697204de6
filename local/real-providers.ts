import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Name of the mark in a data folder whose ledger knows clusters at real providers; it names them and is never removed. */
const REAL_MARK = 'real-providers';

/** The data folder's ledger speaks of another world than the one that this start would work in. */
export class WrongDataFolderError extends Error {
  override readonly name = 'WrongDataFolderError';
}

/** Whether a data folder's ledger may know clusters that cost money. */
export const isReal = (dataDir: string): boolean => existsSync(path.join(dataDir, REAL_MARK));

/**
 * Marks a new data folder as one for real providers, and refuses to mix: a simulator would swear that a real cluster is
 * gone, and the ledger would forget it.
 *
 * @param real names of the real providers; empty where all are simulated
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
