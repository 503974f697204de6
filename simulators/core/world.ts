import { join } from 'node:path';
import { Clock } from './clock.ts';
import type {
  SimulatedCluster,
  Limit,
  Part,
  SeedCluster,
  SetLimit,
  SetRunningNodes,
  SetStatus,
  VanishCluster,
} from './control-messages.ts';
import type { Controlled } from './control-routes.ts';
import { atSpeed, type DurationTable } from './durations.ts';
import { FaultBook } from './faults.ts';
import { Journal } from './journal.ts';
import { withLimit } from './limits.ts';
import type { SharedOptions } from './options.ts';
import type { CommonSetting } from './setting.ts';
import { readSnapshot, Snapshot } from './snapshot.ts';
import type { AccountPart, CommonState, Deferred, OpenAccount } from './state.ts';

/** How any provider's world is set up; each adds its own. Without a folder nothing outlives the process. */
export interface CommonWorldOptions<D extends DurationTable = DurationTable> extends SharedOptions {
  readonly jitter: number;
  readonly durations: D;
  readonly capacity: readonly Limit[];
  readonly quotas: readonly Limit[];
}

/** A state on disk with the deferred calls of its provider. */
type StateOf<C extends Deferred> = CommonState & { deferred: C[] };

/** An account as far as a world has to do with it. */
interface Kept<C extends Deferred> {
  readonly state: AccountPart<StateOf<C>>;
  /** Forgets things; limits and deferred calls are the world's to forget. */
  forget(parts: ReadonlySet<Part>, nowMs: number): void;
}

/**
 * The simulated account with its clock, script and journal: all that the wire and the control API work on. What the
 * things in the account are, and what becomes of them, is the provider's to say.
 */
export abstract class CommonWorld<
  C extends Deferred,
  A extends Kept<C>,
  D extends DurationTable,
> implements Controlled {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: FaultBook;
  protected readonly account: A;
  /** What the provider's own setting is made of, beside what is its own. */
  protected readonly common: CommonSetting<A, D>;
  readonly #snapshot: Snapshot;

  constructor(options: CommonWorldOptions<D>, open: OpenAccount<A>) {
    const file = (name: string): string | undefined =>
      options.folder === undefined ? undefined : join(options.folder, name);
    const { state, account } = open(readSnapshot(file('state.json')));
    this.clock = new Clock(state.advancedMs);
    this.faults = new FaultBook(state.rules);
    this.journal = new Journal(file('journal.jsonl'));
    this.account = account;
    this.#snapshot = new Snapshot(file('state.json'), (): StateOf<C> => ({
      ...this.account.state,
      version: 1,
      advancedMs: this.clock.advancedMs,
      rules: [...this.faults.rules],
    }));
    const { capacity, quotas, jitter, seed } = options;
    this.common = {
      ...{ capacity, quotas, jitter, seed },
      account: this.account,
      faults: this.faults,
      durations: atSpeed(options.durations, options.speed),
    };
  }

  abstract seedCluster(seeded: SeedCluster): SimulatedCluster;
  abstract vanishCluster(cluster: VanishCluster): void;
  abstract setStatus(to: SetStatus): void;
  abstract setRunningNodes(to: SetRunningNodes): void;

  /** Every birth, oldest first. */
  protected abstract clustersAt(nowMs: number): SimulatedCluster[];
  /** Carries a deferred call out at the time it was due. What it throws is refused, with nobody left to tell. */
  protected abstract carryOut(call: C): void;

  save(): Promise<void> {
    return this.#snapshot.save();
  }

  /** Carries an operation out `afterMs` later: when its time has come and somebody looks. */
  defer(call: Omit<C, 'dueAtMs'>, afterMs: number): void {
    this.account.state.deferred.push({ ...call, dueAtMs: this.clock.nowMs() + afterMs } as C);
  }

  /** Catches up with the clock; to be called before anything is read or changed. @returns whether anything was due */
  settle(): boolean {
    const nowMs = this.clock.nowMs();
    const { state } = this.account;
    const due = state.deferred.filter((call) => call.dueAtMs <= nowMs).sort((a, b) => a.dueAtMs - b.dueAtMs);
    if (due.length === 0) return false;
    state.deferred = state.deferred.filter((call) => call.dueAtMs > nowMs);
    for (const call of due) {
      try {
        this.carryOut(call);
      } catch {
        // refused like any call, with nobody left to tell
      }
    }
    return true;
  }

  clusters(liveOnly: boolean): SimulatedCluster[] {
    const clusters = this.clustersAt(this.settledMs());
    return liveOnly ? clusters.filter((cluster) => cluster.goneAtMs === null) : clusters;
  }

  setCapacity(limit: SetLimit): void {
    const { state } = this.account;
    state.capacity = withLimit(state.capacity, limit);
  }

  setQuota(limit: SetLimit): void {
    const { state } = this.account;
    state.quotas = withLimit(state.quotas, limit);
  }

  forget(parts: ReadonlySet<Part>): void {
    const nowMs = this.settledMs();
    const { state } = this.account;
    if (parts.has('limits')) state.capacity = state.quotas = [];
    if (parts.has('live-clusters')) state.deferred = [];
    this.account.forget(parts, nowMs);
  }

  /** The time, with everything that was due by then carried out. */
  protected settledMs(): number {
    this.settle();
    return this.clock.nowMs();
  }
}
