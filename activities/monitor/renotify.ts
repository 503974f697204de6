/** Who is told, and how often. */
export interface NotifySchedule<T> {
  /** Names what is told, with whom. */
  readonly idOf: (each: T) => string;
  /** By a clock that never jumps, ms. */
  readonly nowMs: number;
  /** The first pause, ms: one sweep. */
  readonly firstPauseMs: number;
  /** Each pause is twice the last one, up to this, ms. */
  readonly longestPauseMs: number;
}

/**
 * What was told to whom, and when it may be told again. It is told until it is recorded; but what cannot be confirmed
 * must not fill histories.
 */
export class Renotifier {
  readonly #told = new Map<string, { times: number; nextAtMs: number; readonly firstAtMs: number }>();

  /** Those to be told now; what is no longer found is forgotten. */
  due<T>(found: readonly T[], { idOf, nowMs, firstPauseMs, longestPauseMs }: NotifySchedule<T>): T[] {
    const ids = new Set(found.map(idOf));
    for (const id of this.#told.keys()) if (!ids.has(id)) this.#told.delete(id);
    return found.filter((each) => {
      const id = idOf(each);
      const before = this.#told.get(id) ?? { times: 0, nextAtMs: -Infinity, firstAtMs: nowMs };
      if (nowMs < before.nextAtMs) return false;
      // A sweep may come a moment early.
      const pauseMs = 0.9 * Math.min(longestPauseMs, firstPauseMs * 2 ** before.times);
      this.#told.set(id, { ...before, times: before.times + 1, nextAtMs: nowMs + pauseMs });
      return true;
    });
  }

  /** It did not arrive: the next sweep tells it again. */
  forget(id: string): void {
    const before = this.#told.get(id);
    if (before !== undefined) this.#told.set(id, { ...before, times: 0, nextAtMs: -Infinity });
  }

  /** How long the oldest has been told that is still found, ms; 0 where there is none. */
  oldestMs(nowMs: number): number {
    const first = Math.min(...[...this.#told.values()].map(({ firstAtMs }) => firstAtMs));
    return Number.isFinite(first) ? nowMs - first : 0;
  }
}
