import { setImmediate as drained } from 'node:timers/promises';

/** Somebody who acts and waits. Everything that waits for one actor can be dropped together, as when a worker dies. */
export interface Actor {
  readonly name: string;
}

/** An actor that waits for its turn. */
export interface Parked {
  readonly actor: Actor;
  readonly label: string;
  readonly wakeAtMs: number;
  /** Waits for something far away, such as the end of a lease. It does not keep the world busy. */
  readonly background: boolean;
  readonly go: () => void;
}

/**
 * Virtual time, and one actor at a time. An actor parks wherever another one could act first. The driver of the world
 * picks the actor that goes on, and waits until all actors are parked again.
 */
export class Scheduler {
  nowMs = Date.UTC(2026, 0, 5);
  #parked: Parked[] = [];
  #io = 0;
  #ioEnds: () => void = () => undefined;

  /** Waits for a turn, at least `delayMs` of virtual time. An actor that was dropped never goes on. */
  park(actor: Actor, label: string, delayMs = 0): Promise<void> {
    return this.timer(actor, label, delayMs).elapsed;
  }

  timer(actor: Actor, label: string, delayMs: number, background = false): { elapsed: Promise<void>; cancel(): void } {
    let parked: Parked | undefined;
    const elapsed = new Promise<void>((resolve) => {
      parked = { actor, label, wakeAtMs: this.nowMs + delayMs, background, go: resolve };
      this.#parked.push(parked);
    });
    return {
      elapsed,
      cancel: () => {
        this.#parked = this.#parked.filter((each) => each !== parked);
      },
    };
  }

  /** Real work that the world waits for, such as a statement in the database. */
  async io<T>(work: () => Promise<T>): Promise<T> {
    this.#io += 1;
    try {
      return await work();
    } finally {
      this.#io -= 1;
      this.#ioEnds();
    }
  }

  runnable(): readonly Parked[] {
    return this.#parked.filter(({ wakeAtMs }) => wakeAtMs <= this.nowMs);
  }

  /** When the next actor wakes, those in the background left out; undefined where none waits. */
  nextWakeMs(): number | undefined {
    const times = this.#parked.filter(({ background }) => !background).map(({ wakeAtMs }) => wakeAtMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Lets one actor go on until all are parked again. */
  async resume(parked: Parked): Promise<void> {
    this.#parked = this.#parked.filter((each) => each !== parked);
    parked.go();
    await this.settle();
  }

  /** Drops an actor: what it waits for never comes. */
  drop(actor: Actor): void {
    this.#parked = this.#parked.filter((each) => each.actor !== actor);
  }

  actors(): readonly Actor[] {
    return [...new Set(this.#parked.map(({ actor }) => actor))];
  }

  /** Waits until no actor runs and no real work is under way. */
  async settle(): Promise<void> {
    await drained();
    while (this.#io > 0) {
      await new Promise<void>((resolve) => (this.#ioEnds = resolve));
      await drained();
    }
  }
}

/** Something that happens once and that others can wait for. */
export class Trigger {
  #fired = false;
  #resolve: () => void = () => undefined;
  readonly whenFired: Promise<void> = new Promise((resolve) => (this.#resolve = resolve));

  get fired(): boolean {
    return this.#fired;
  }

  fire(): void {
    this.#fired = true;
    this.#resolve();
  }
}

/** A promise that never resolves: what a dead actor waits for. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
