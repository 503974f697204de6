import type { Creation } from '../../../contracts/creation.ts';
import { decide } from '../../../workflows/lease/decide.ts';
import type { LeaseEvent } from '../../../workflows/lease/events.ts';
import { nextAction, type LeaseAction } from '../../../workflows/lease/next-action.ts';
import type { LeaseState } from '../../../workflows/lease/state.ts';
import { LEASED_AT_MS } from '../../builders/creation.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** What the ledger and the provider answer to a lease's steps. */
export interface Surroundings {
  /** Whether the budget has room at a time. */
  readonly hasRoom: (atMs: number) => boolean;
  /** What a look finds at a time. */
  readonly condition: (atMs: number) => 'ready' | 'degraded' | 'failed' | 'gone';
}
export const NO_TROUBLE: Surroundings = { hasRoom: () => true, condition: () => 'ready' };

/** An action of a lease, and when it took it. */
export interface TakenAction {
  readonly atMs: number;
  readonly action: Exclude<LeaseAction, { do: 'wait' }>;
}

/** A lease in simulated time. Each of its steps is answered at once. */
export class SimulatedLease {
  readonly taken: TakenAction[] = [];
  /** The row that the ledger shows, given the row that the lease knows. */
  rowInLedger: (known: Creation) => Creation | null = (known) => known;
  state: LeaseState;
  nowMs: number;
  private readonly surroundings: Surroundings;

  constructor(state: LeaseState, surroundings: Surroundings = NO_TROUBLE, nowMs = LEASED_AT_MS) {
    this.state = state;
    this.surroundings = surroundings;
    this.nowMs = nowMs;
    this.settle();
  }

  /** Whether this run has closed, or continued in a new one. */
  get isOver(): boolean {
    const last = this.taken.at(-1)?.action.do;
    return last === 'close' || last === 'continue-as-new';
  }

  /** Why it closed; undefined while it lives. */
  get why(): string | undefined {
    const last = this.taken.at(-1)?.action;
    return last?.do === 'close' ? last.why : undefined;
  }

  record(event: LeaseEvent): void {
    this.state = decide(this.state, event, this.nowMs);
    this.settle();
  }

  /** Lets time pass, timer by timer. */
  advanceTo(endMs: number): this {
    while (!this.isOver) {
      const action = nextAction(this.state, this.nowMs);
      if (action.do !== 'wait' || action.untilMs > endMs) break;
      this.nowMs = action.untilMs;
      this.settle();
    }
    this.nowMs = Math.max(this.nowMs, endMs);
    return this;
  }

  /** When it took an action. */
  timesOf(what: TakenAction['action']['do']): number[] {
    return this.taken.filter(({ action }) => action.do === what).map(({ atMs }) => atMs);
  }

  /** Takes every action that is due. A lease that never comes to wait would keep a processor busy for ever. */
  private settle(): void {
    for (let actions = 0; !this.isOver; actions += 1) {
      const action = nextAction(this.state, this.nowMs);
      if (action.do === 'wait') {
        if (!(action.untilMs > this.nowMs)) throw new RangeError('it waits for a time that has passed');
        return;
      }
      if (actions > 20) throw new RangeError(`it never waits: ${action.do}`);
      this.taken.push({ atMs: this.nowMs, action });
      for (const event of this.eventsOf(action)) this.state = decide(this.state, event, this.nowMs);
    }
  }

  private eventsOf(action: TakenAction['action']): readonly LeaseEvent[] {
    const { creation } = this.state;
    switch (action.do) {
      case 'read-row':
        return [{ type: 'rowRead', creation: this.rowInLedger(creation) }];
      case 'inspect': {
        const condition = this.surroundings.condition(this.nowMs);
        return [
          { type: 'inspectionStarted' },
          { type: 'inspected', seen: { condition, detail: 'x', fallbackMs: HOUR_MS } },
        ];
      }
      case 'move-expiry':
        return [{ type: 'moveStarted' }, { type: 'moved' }];
      case 'warn':
        return [{ type: 'warned', aheadMs: action.aheadMs }];
      case 'hold-money':
        return this.surroundings.hasRoom(this.nowMs)
          ? [{ type: 'held', creation: { ...creation, leaseUntilMs: action.untilMs } }]
          : [{ type: 'holdRefused' }];
      case 'close':
      case 'continue-as-new':
        return [];
    }
  }
}
