import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A simulator that keeps its state in a folder. Each test of the file gets a new folder and a new simulator. */
export class PersistentFixture<F extends { close(): Promise<void> }> {
  readonly #start: (folder: string) => Promise<F>;
  #folder: string | undefined;
  #fixture: F | undefined;

  constructor(start: (folder: string) => Promise<F>) {
    this.#start = start;
    beforeEach(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), 'simulators-'));
      this.#fixture = await start(this.folder);
    });
    afterEach(async () => {
      await this.#fixture?.close();
      await rm(this.folder, { recursive: true });
    });
  }

  get folder(): string {
    if (this.#folder === undefined) throw new Error('No test is running.');
    return this.#folder;
  }

  get fixture(): F {
    if (this.#fixture === undefined) throw new Error('No simulator is running.');
    return this.#fixture;
  }

  async stop(): Promise<void> {
    await this.fixture.close();
    this.#fixture = undefined;
  }

  /** Stops the simulator and starts another on its folder. @param between changes the folder while none runs */
  async restart(between?: () => Promise<void>): Promise<void> {
    await this.stop();
    await between?.();
    this.#fixture = await this.#start(this.folder);
  }
}
