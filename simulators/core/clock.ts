/**
 * The simulated time: real time plus whatever tests have advanced it by. It runs at the real rate, because clients
 * compare the dates they get with their own clock; a speed factor shortens durations instead.
 */
export class Clock {
  #advancedMs: number;

  /** @param advancedMs how far an earlier process had advanced this clock */
  constructor(advancedMs = 0) {
    this.#advancedMs = advancedMs;
  }

  /** Milliseconds since the epoch, simulated. */
  nowMs(): number {
    return Date.now() + this.#advancedMs;
  }

  /** Moves the clock forward. It never goes back: a state once shown stays shown. */
  advance(byMs: number): void {
    this.#advancedMs += byMs;
  }

  /** The total of all advances, in milliseconds; part of the state on disk. */
  get advancedMs(): number {
    return this.#advancedMs;
  }
}
