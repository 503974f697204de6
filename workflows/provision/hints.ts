import type { HintSignal } from '../../contracts/messages.ts';

/** Hints of the monitor that no look has followed yet. A hint names a creation, or null for all of the request. */
export class Hints {
  readonly #keys = new Set<string | null>();

  add({ key }: HintSignal): void {
    this.#keys.add(key);
  }

  has(key: string): boolean {
    return this.#keys.has(key) || this.#keys.has(null);
  }

  clear(key: string): void {
    this.#keys.delete(key);
    this.#keys.delete(null);
  }
}
