import { Refusal } from '../core/refusal.ts';

/** Twice the allowed skew: how long a request stays valid that was signed as far ahead as allowed. */
const REMEMBER_MS = 30 * 60_000;

/** Many times what a test sends. Above this number, nonces that are too old to matter are forgotten. */
const SWEEP_ABOVE = 10_000;

/** The nonces of requests with a valid signature. They are not on disk: a new process knows none. */
export class Nonces {
  readonly #usedAtMs = new Map<string, number>();

  /**
   * Marks a nonce as used.
   * @param nowMs the real time, milliseconds since the epoch
   * @throws Refusal SignatureNonceUsed for one that was used before
   */
  use(nonce: string, nowMs: number): void {
    const usedAtMs = this.#usedAtMs.get(nonce);
    if (usedAtMs !== undefined && nowMs - usedAtMs <= REMEMBER_MS) {
      throw new Refusal('SignatureNonceUsed', 'Specified signature nonce was used already.');
    }
    this.#usedAtMs.delete(nonce);
    this.#usedAtMs.set(nonce, nowMs);
    if (this.#usedAtMs.size > SWEEP_ABOVE) this.#sweep(nowMs);
  }

  #sweep(nowMs: number): void {
    for (const [nonce, usedAtMs] of this.#usedAtMs) {
      if (nowMs - usedAtMs <= REMEMBER_MS) return;
      this.#usedAtMs.delete(nonce);
    }
  }
}
