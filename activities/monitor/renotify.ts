/** What is notified, and how often. */
export interface NotifySchedule<T> {
  /** Names a notification: what is said, to whom. */
  readonly idOf: (each: T) => string;
  /** The time on a clock that never jumps, ms. */
  readonly nowMs: number;
  /** The first pause, ms: one sweep. */
  readonly firstPauseMs: number;
  /** Each pause doubles the last one, up to this, ms. */
  readonly longestPauseMs: number;
}

/**
 * Decides when a notification is sent again. It is repeated until its owner has recorded the change, after ever longer
 * pauses: a change that cannot be confirmed must not fill the owner's history.
 */
export class Renotifier {
  readonly #sent = new Map<string, { times: number; nextAtMs: number; readonly firstAtMs: number }>();

  /** Those to be notified now. Forgets whatever is not found any more. */
  due<T>(found: readonly T[], { idOf, nowMs, firstPauseMs, longestPauseMs }: NotifySchedule<T>): T[] {
    const ids = new Set(found.map(idOf));
    for (const id of this.#sent.keys()) if (!ids.has(id)) this.#sent.delete(id);
    return found.filter((each) => {
      const id = idOf(each);
      const before = this.#sent.get(id) ?? { times: 0, nextAtMs: -Infinity, firstAtMs: nowMs };
      if (nowMs < before.nextAtMs) return false;
      // A little less than the pause: a sweep may come a moment early.
      const pauseMs = 0.9 * Math.min(longestPauseMs, firstPauseMs * 2 ** before.times);
      this.#sent.set(id, { ...before, times: before.times + 1, nextAtMs: nowMs + pauseMs });
      return true;
    });
  }

  /** The notification did not arrive: the next sweep sends it again. */
  retry(id: string): void {
    const before = this.#sent.get(id);
    if (before !== undefined) this.#sent.set(id, { ...before, times: 0, nextAtMs: -Infinity });
  }

  /** How long ago the oldest notification that is still found was first due, ms; 0 when there is none. */
  oldestMs(nowMs: number): number {
    const first = Math.min(...[...this.#sent.values()].map(({ firstAtMs }) => firstAtMs));
    return Number.isFinite(first) ? nowMs - first : 0;
  }
}
