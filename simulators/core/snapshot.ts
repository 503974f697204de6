import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * State on disk as one JSON file, replaced by rename: a reader, or a process started after a kill, sees the old state
 * or the new one, never half of either. Without a file nothing is kept.
 */
export class Snapshot {
  readonly #file: string | undefined;
  readonly #current: () => unknown;
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  /** @param current gives the state as it is at the moment of writing */
  constructor(file: string | undefined, current: () => unknown) {
    this.#file = file;
    this.#current = current;
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  }

  /**
   * Resolves when every change made before the call is on disk. Calls that arrive during a write share the next one,
   * so a burst of creations costs a few writes and not one each.
   */
  save(): Promise<void> {
    if (this.#file === undefined) return Promise.resolve();
    const file = this.#file;
    this.#queued ??= this.#writing
      .catch(() => undefined) // the failure went to those who waited for that write; this one tries afresh
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

/** The JSON of an earlier process, or undefined when there is none. Throws with the file's name when it cannot be read. */
export function readSnapshot(file: string | undefined): unknown {
  if (file === undefined || !existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`The simulator's state cannot be read: ${file}`, { cause: error });
  }
}
