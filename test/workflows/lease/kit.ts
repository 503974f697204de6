import type { Creation } from '../../../contracts/creation.ts';
import { decide } from '../../../workflows/lease/decide.ts';
import { due } from '../../../workflows/lease/due.ts';
import type { Act, Event, LeaseState } from '../../../workflows/lease/state.ts';
import { LEASED_AT_MS } from '../../builders/creation.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** When the cluster of these tests was leased. */
export const T0 = LEASED_AT_MS;

/** What the world answers to a lease's steps. */
export interface World {
  /** Whether the budget has room at a time. */
  readonly hasRoom: (atMs: number) => boolean;
  /** What a look finds at a time. */
  readonly condition: (atMs: number) => 'ready' | 'degraded' | 'failed' | 'gone';
}
export const KIND: World = { hasRoom: () => true, condition: () => 'ready' };

/** A step of a lease, and when it took it. */
export interface Done {
  readonly atMs: number;
  readonly act: Exclude<Act, { do: 'wait' }>;
}

/** A lease that is driven through time; each step is answered at once. */
export class Drive {
  readonly done: Done[] = [];
  /** What the ledger shows of the row that the lease knows. */
  ledger: (known: Creation) => Creation | null = (known) => known;
  life: LeaseState;
  nowMs: number;
  private readonly world: World;

  constructor(life: LeaseState, world: World = KIND, nowMs = T0) {
    this.life = life;
    this.world = world;
    this.nowMs = nowMs;
    this.settle();
  }

  /** Whether it has closed, or gone on in a new run. */
  get isOver(): boolean {
    const last = this.done.at(-1)?.act.do;
    return last === 'close' || last === 'rest';
  }

  tell(event: Event): void {
    this.life = decide(this.life, event, this.nowMs);
    this.settle();
  }

  /** Lets time pass, timer by timer. */
  until(endMs: number): this {
    while (!this.isOver) {
      const act = due(this.life, this.nowMs);
      if (act.do !== 'wait' || act.untilMs > endMs) break;
      this.nowMs = act.untilMs;
      this.settle();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
    return this;
  }

  /** When it did something. */
  times(what: Done['act']['do']): number[] {
    return this.done.filter(({ act }) => act.do === what).map(({ atMs }) => atMs);
  }

  /** Why it closed; undefined while it lives. */
  get why(): string | undefined {
    const last = this.done.at(-1)?.act;
    return last?.do === 'close' ? last.why : undefined;
  }

  /** Takes every step that is due. A lease that never comes to wait would burn a core. */
  private settle(): void {
    for (let steps = 0; !this.isOver; steps += 1) {
      const act = due(this.life, this.nowMs);
      if (act.do === 'wait') {
        if (!(act.untilMs > this.nowMs)) throw new RangeError('it waits for what is past');
        return;
      }
      if (steps > 20) throw new RangeError(`it does not come to rest: ${act.do}`);
      this.done.push({ atMs: this.nowMs, act });
      for (const event of this.answers(act)) this.life = decide(this.life, event, this.nowMs);
    }
  }

  private answers(act: Done['act']): readonly Event[] {
    const { creation } = this.life;
    switch (act.do) {
      case 'read':
        return [{ type: 'read', creation: this.ledger(creation) }];
      case 'look': {
        const condition = this.world.condition(this.nowMs);
        return [{ type: 'looking' }, { type: 'looked', seen: { condition, detail: 'x', fallbackMs: HOUR_MS } }];
      }
      case 'move':
        return [{ type: 'moving' }, { type: 'moved' }];
      case 'warn':
        return [{ type: 'warned', aheadMs: act.aheadMs }];
      case 'fund':
        return this.world.hasRoom(this.nowMs)
          ? [{ type: 'held', creation: { ...creation, leaseUntilMs: act.untilMs } }]
          : [{ type: 'unfunded' }];
      case 'close':
      case 'rest':
        return [];
    }
  }
}
