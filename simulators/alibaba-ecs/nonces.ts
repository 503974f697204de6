import { EcsError } from './errors.ts';

/** Twice the skew allowed: a request signed that far ahead is good for so long. */
const KEPT_MS = 30 * 60_000;

/** Many times what a test sends; beyond it the oldest are looked at and those too old to matter forgotten. */
const SWEEP_ABOVE = 10_000;

/** The nonces of requests whose signature was good. They are not kept on disk: a new process knows none. */
export class Nonces {
  readonly #usedAtMs = new Map<string, number>();

  /**
   * @param nowMs the real time
   * @throws EcsError SignatureNonceUsed for one that was used before
   */
  use(nonce: string, nowMs: number): void {
    const usedAtMs = this.#usedAtMs.get(nonce);
    if (usedAtMs !== undefined && nowMs - usedAtMs <= KEPT_MS) {
      throw new EcsError('SignatureNonceUsed', 'Specified signature nonce was used already.');
    }
    this.#usedAtMs.delete(nonce);
    this.#usedAtMs.set(nonce, nowMs);
    if (this.#usedAtMs.size > SWEEP_ABOVE) this.#sweep(nowMs);
  }

  #sweep(nowMs: number): void {
    for (const [nonce, usedAtMs] of this.#usedAtMs) {
      if (nowMs - usedAtMs <= KEPT_MS) return;
      this.#usedAtMs.delete(nonce);
    }
  }
}
