import type { HintSignal } from '../../contracts/messages.ts';

/** Hints of the monitor, until they are acted on: which creations look different from what is recorded. */
export class Hints {
  readonly #keys = new Set<string | null>();

  take({ key }: HintSignal): void {
    this.#keys.add(key);
  }

  pending(key: string): boolean {
    return this.#keys.has(key) || this.#keys.has(null);
  }

  clear(key: string): void {
    this.#keys.delete(key);
    this.#keys.delete(null);
  }
}
