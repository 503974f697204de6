import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A bench that keeps its state in a folder, both new for each test of the file. */
export class PersistentBench<B extends { close(): Promise<void> }> {
  readonly #start: (folder: string) => Promise<B>;
  #folder: string | undefined;
  #bench: B | undefined;

  constructor(start: (folder: string) => Promise<B>) {
    this.#start = start;
    beforeEach(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), 'simulators-'));
      this.#bench = await start(this.folder);
    });
    afterEach(async () => {
      await this.bench.close();
      await rm(this.folder, { recursive: true });
    });
  }

  get folder(): string {
    if (this.#folder === undefined) throw new Error('No test has begun.');
    return this.#folder;
  }

  get bench(): B {
    if (this.#bench === undefined) throw new Error('No test has begun.');
    return this.#bench;
  }

  /** Ends the bench and starts another on what it left. @param between is done to the folder while nothing runs */
  async restart(between?: () => Promise<void>): Promise<void> {
    await this.bench.close();
    await between?.();
    this.#bench = await this.#start(this.folder);
  }
}
