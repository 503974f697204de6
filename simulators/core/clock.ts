/**
 * The simulated time: the real time plus all advances. It runs at the real rate, because clients compare dates in
 * replies with their own clock. The speed divides durations instead.
 */
export class Clock {
  #advancedMs: number;

  /** @param advancedMs how far earlier processes have advanced this clock */
  constructor(advancedMs = 0) {
    this.#advancedMs = advancedMs;
  }

  /** Simulated milliseconds since the epoch. */
  nowMs(): number {
    return Date.now() + this.#advancedMs;
  }

  /** Moves the clock forward. It never goes back, so that a cluster never returns to an earlier state. */
  advance(byMs: number): void {
    this.#advancedMs += byMs;
  }

  /** The total of all advances, in milliseconds; part of the state on disk. */
  get advancedMs(): number {
    return this.#advancedMs;
  }
}
