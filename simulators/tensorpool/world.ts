import { join } from 'node:path';
import { Clock } from '../core/clock.ts';
import type { Birth, Limit, Part, SeedCluster, SetLimit, SetStatus, VanishCluster } from '../core/control-messages.ts';
import { ControlError, type Controlled } from '../core/control-routes.ts';
import { atSpeed } from '../core/durations.ts';
import { FaultBook } from '../core/faults.ts';
import { Journal } from '../core/journal.ts';
import { withLimit } from '../core/limits.ts';
import { readSnapshot, Snapshot } from '../core/snapshot.ts';
import { Account, AccountState, mustBeGlobal } from './account.ts';
import type { Behaviour } from './behaviour.ts';
import { birthOf, strangersCluster } from './births.ts';
import { clusterIdOf } from './cluster.ts';
import type { Input, Setting } from './context.ts';
import type { Durations } from './durations.ts';
import { holdsName } from './names.ts';
import { operationNamed } from './routes.ts';

export interface WorldOptions {
  /** Folder for state and journal; without one nothing outlives the process. */
  readonly folder: string | undefined;
  readonly seed: string;
  readonly speed: number;
  readonly jitter: number;
  readonly durations: Durations;
  readonly behaviour: Behaviour;
  readonly apiKey: string;
  readonly capacity: readonly Limit[];
  readonly quotas: readonly Limit[];
}

/** The simulated account with its clock, script and journal: all that the wire and the control API work on. */
export class World implements Controlled {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: FaultBook;
  readonly setting: Setting;
  readonly #account: Account;
  readonly #snapshot: Snapshot;

  constructor(options: WorldOptions) {
    const file = (name: string): string | undefined =>
      options.folder === undefined ? undefined : join(options.folder, name);
    const saved = readSnapshot(file('state.json'));
    const state = saved === undefined ? emptyState() : AccountState.parse(saved);
    this.clock = new Clock(state.advancedMs);
    this.faults = new FaultBook(state.rules);
    this.journal = new Journal(file('journal.jsonl'));
    this.#account = new Account(state);
    this.#snapshot = new Snapshot(file('state.json'), (): AccountState => ({
      ...this.#account.state,
      version: 1,
      advancedMs: this.clock.advancedMs,
      rules: [...this.faults.rules],
    }));
    const { apiKey, behaviour, capacity, quotas, jitter, seed } = options;
    this.setting = {
      ...{ apiKey, behaviour, capacity, quotas, jitter, seed },
      account: this.#account,
      faults: this.faults,
      durations: atSpeed(options.durations, options.speed),
    };
  }

  save(): Promise<void> {
    return this.#snapshot.save();
  }

  /** Carries an operation out later: when its time has come and somebody looks. */
  defer(operation: string, input: Input, requestId: string, afterMs: number): void {
    const { id, query, body } = input;
    const dueAtMs = this.clock.nowMs() + afterMs;
    this.#account.state.deferred.push({ dueAtMs, operation, input: { id, query: { ...query }, body }, requestId });
  }

  /** Catches up with the clock; to be called before anything is read or changed. @returns whether anything was due */
  settle(): boolean {
    const nowMs = this.clock.nowMs();
    const { state } = this.#account;
    const due = state.deferred.filter((call) => call.dueAtMs <= nowMs).sort((a, b) => a.dueAtMs - b.dueAtMs);
    if (due.length === 0) return false;
    state.deferred = state.deferred.filter((call) => call.dueAtMs > nowMs);
    for (const { operation, input, requestId, dueAtMs } of due) {
      try {
        operationNamed(operation)?.(this.setting, { nowMs: dueAtMs, requestId }, input);
      } catch {
        // refused like any call, with nobody left to tell
      }
    }
    return true;
  }

  births(liveOnly: boolean): Birth[] {
    this.settle();
    const nowMs = this.clock.nowMs();
    const births = this.#account.state.clusters.map((cluster) => birthOf(cluster, nowMs));
    return liveOnly ? births.filter((birth) => birth.goneAtMs === null) : births;
  }

  seedCluster(seeded: SeedCluster): Birth {
    this.settle();
    mustBeGlobal(seeded.region);
    const nowMs = this.clock.nowMs();
    const { seed, behaviour } = this.setting;
    const holders = this.#account.living(nowMs).filter(({ name }) => name === seeded.name);
    if (holders.some((holder) => holdsName(holder, behaviour, nowMs))) {
      throw new ControlError(`There is already a cluster ${seeded.name}.`);
    }
    const cluster = strangersCluster(seeded, clusterIdOf(seed, this.#account.nextIncarnation()), nowMs);
    this.#account.state.clusters.push(cluster);
    return birthOf(cluster, nowMs);
  }

  vanishCluster({ region, name }: VanishCluster): void {
    this.settle();
    const nowMs = this.clock.nowMs();
    this.#account.mustHold(region, name, nowMs).goneAtMs = nowMs;
  }

  setStatus({ region, name, status, message }: SetStatus): void {
    this.settle();
    const cluster = this.#account.mustHold(region, name, this.clock.nowMs());
    cluster.plan = { kind: 'held', status, ...(message === undefined ? {} : { message }) };
  }

  setCapacity(limit: SetLimit): void {
    const { state } = this.#account;
    state.capacity = withLimit(state.capacity, limit);
  }

  setQuota(limit: SetLimit): void {
    const { state } = this.#account;
    state.quotas = withLimit(state.quotas, limit);
  }

  forget(parts: ReadonlySet<Part>): void {
    this.settle();
    this.#account.forget(parts, this.clock.nowMs());
  }
}

function emptyState(): AccountState {
  return {
    version: 1,
    advancedMs: 0,
    rules: [],
    capacity: [],
    quotas: [],
    deferred: [],
    incarnations: 0,
    savedKeys: [],
    clusters: [],
    requests: [],
  };
}
