import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The state on disk: one JSON file, replaced by a rename. A reader, or a process that starts after a kill, sees the old
 * state or the new one, never a part of either. Without a file nothing is kept.
 */
export class StateFile {
  readonly #file: string | undefined;
  readonly #current: () => unknown;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  /** @param current gives the state at the moment of writing */
  constructor(file: string | undefined, current: () => unknown) {
    this.#file = file;
    this.#current = current;
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  }

  /**
   * Resolves when every change made before this call is on disk. Calls during a write share the next write, so that many
   * creations at once cost a few writes and not one each.
   */
  save(): Promise<void> {
    if (this.#file === undefined) return Promise.resolve();
    const file = this.#file;
    this.#queued ??= this.#writing
      .catch(() => undefined) // those who waited for that write got its failure; this write is a new try
      .then(() => {
        this.#queued = undefined;
        this.#writing = this.#write(file);
        return this.#writing;
      });
    return this.#queued;
  }

  async #write(file: string): Promise<void> {
    const temporary = `${file}.new`;
    await writeFile(temporary, JSON.stringify(this.#current()));
    await rename(temporary, file);
  }
}

/** The state that an earlier process left; undefined when there is none. @throws with the file's name when it cannot be read */
export function readStateFile(file: string | undefined): unknown {
  if (file === undefined || !existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`The simulator's state cannot be read: ${file}`, { cause: error });
  }
}
