import { join } from 'node:path';
import { Clock } from '../core/clock.ts';
import type { Birth, Limit, Part, SeedCluster, SetLimit, SetStatus, VanishCluster } from '../core/control-messages.ts';
import { ControlError, type Controlled } from '../core/control-routes.ts';
import { atSpeed } from '../core/durations.ts';
import { FaultBook } from '../core/faults.ts';
import { Journal } from '../core/journal.ts';
import { withLimit } from '../core/limits.ts';
import { readSnapshot, Snapshot } from '../core/snapshot.ts';
import { Account, AccountState } from './account.ts';
import { birthsOf } from './births.ts';
import type { Setting } from './context.ts';
import type { Durations } from './durations.ts';
import { isInstanceGone } from './life.ts';
import type { HpcCluster, Run } from './model.ts';
import { OPERATIONS } from './operations.ts';
import type { Parameters } from './parameters.ts';
import { seedStranger } from './strangers.ts';

export interface WorldOptions {
  /** Folder for state and journal; without one nothing outlives the process. */
  readonly folder: string | undefined;
  readonly seed: string;
  readonly speed: number;
  readonly jitter: number;
  readonly durations: Durations;
  readonly region: string;
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
    this.setting = {
      account: this.#account,
      faults: this.faults,
      capacity: options.capacity,
      quotas: options.quotas,
      durations: atSpeed(options.durations, options.speed),
      jitter: options.jitter,
      seed: options.seed,
      defaultRegion: options.region,
    };
  }

  save(): Promise<void> {
    return this.#snapshot.save();
  }

  /** Carries an operation out later: when its time has come and somebody looks. */
  defer(operation: string, parameters: Parameters, requestId: string, afterMs: number): void {
    this.#account.state.deferred.push({ dueAtMs: this.clock.nowMs() + afterMs, operation, parameters, requestId });
  }

  /** Catches up with the clock; to be called before anything is read or changed. @returns whether anything was due */
  settle(): boolean {
    const nowMs = this.clock.nowMs();
    const { state } = this.#account;
    const due = state.deferred.filter((call) => call.dueAtMs <= nowMs).sort((a, b) => a.dueAtMs - b.dueAtMs);
    if (due.length === 0) return false;
    state.deferred = state.deferred.filter((call) => call.dueAtMs > nowMs);
    for (const { operation, parameters, requestId, dueAtMs } of due) {
      try {
        OPERATIONS.get(operation)?.(this.setting, { nowMs: dueAtMs, requestId }, parameters);
      } catch {
        // refused like any call, with nobody left to tell
      }
    }
    return true;
  }

  births(liveOnly: boolean): Birth[] {
    this.settle();
    const births = birthsOf(this.#account, this.clock.nowMs());
    return liveOnly ? births.filter((birth) => birth.goneAtMs === null) : births;
  }

  seedCluster(seeded: SeedCluster): Birth {
    this.settle();
    return seedStranger(this.setting, seeded, this.clock.nowMs());
  }

  vanishCluster({ region, name }: VanishCluster): void {
    const { containers, runs, nowMs } = this.#named(region, name);
    for (const container of containers) container.goneAtMs = nowMs;
    for (const instance of livingIn(runs, nowMs)) instance.goneAtMs = nowMs;
  }

  /** Holds all instances of the name; `Creating` also makes a container refuse instances, and other words end that. */
  setStatus({ region, name, status }: SetStatus): void {
    const { containers, runs, nowMs } = this.#named(region, name);
    for (const container of containers) container.held = status;
    for (const instance of livingIn(runs, nowMs)) instance.plan = { kind: 'held', status };
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

  /** Whatever lives under a name, as births count it. Names are not unique here, so it can be several. */
  #named(region: string, name: string): { containers: HpcCluster[]; runs: Run[]; nowMs: number } {
    this.settle();
    const nowMs = this.clock.nowMs();
    const containers = this.#account.containers(region, nowMs).filter((cluster) => cluster.name === name);
    const ids = new Set<string | undefined>(containers.map(({ id }) => id));
    const runs = this.#account.state.runs.filter((run) =>
      run.hpcClusterId === undefined ? run.region === region && run.name === name : ids.has(run.hpcClusterId),
    );
    if (containers.length === 0 && livingIn(runs, nowMs).length === 0) {
      throw new ControlError(`There is no cluster ${name} in ${region}.`);
    }
    return { containers, runs, nowMs };
  }
}

function livingIn(runs: readonly Run[], nowMs: number) {
  return runs.flatMap((run) => run.instances).filter((instance) => !isInstanceGone(instance, nowMs));
}

function emptyState(): AccountState {
  return {
    version: 1,
    advancedMs: 0,
    rules: [],
    capacity: [],
    quotas: [],
    deferred: [],
    tokens: [],
    counts: {},
    hpcClusters: [],
    runs: [],
  };
}
