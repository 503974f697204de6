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
import { clusterArn } from './arns.ts';
import { birthOf, strangersCluster } from './births.ts';
import type { Setting } from './context.ts';
import type { Durations } from './durations.ts';
import { OPERATIONS } from './operations.ts';

export interface WorldOptions {
  /** Folder for state and journal; without one nothing outlives the process. */
  readonly folder: string | undefined;
  readonly seed: string;
  readonly speed: number;
  readonly jitter: number;
  readonly durations: Durations;
  readonly accountId: string;
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
      accountId: options.accountId,
      faults: this.faults,
      capacity: options.capacity,
      quotas: options.quotas,
      durations: atSpeed(options.durations, options.speed),
      jitter: options.jitter,
      seed: options.seed,
    };
  }

  save(): Promise<void> {
    return this.#snapshot.save();
  }

  /** Carries an operation out later: when its time has come and somebody looks. */
  defer(operation: string, region: string, body: Record<string, unknown>, requestId: string, afterMs: number): void {
    this.#account.state.deferred.push({ dueAtMs: this.clock.nowMs() + afterMs, operation, region, body, requestId });
  }

  /** Catches up with the clock; to be called before anything is read or changed. @returns whether anything was due */
  settle(): boolean {
    const nowMs = this.clock.nowMs();
    const { state } = this.#account;
    const due = state.deferred.filter((call) => call.dueAtMs <= nowMs).sort((a, b) => a.dueAtMs - b.dueAtMs);
    if (due.length === 0) return false;
    state.deferred = state.deferred.filter((call) => call.dueAtMs > nowMs);
    for (const { operation, region, body, requestId, dueAtMs } of due) {
      try {
        OPERATIONS.get(operation)?.(this.setting, { region, nowMs: dueAtMs, requestId }, body);
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
    const nowMs = this.clock.nowMs();
    const { region, name } = seeded;
    if (this.#account.holderOf(region, name, nowMs) !== undefined) {
      throw new ControlError(`There is already a cluster ${name} in ${region}.`);
    }
    const { seed, accountId } = this.setting;
    const arn = clusterArn(seed, region, accountId, this.#account.nextIncarnation(region));
    const cluster = strangersCluster(seeded, arn, nowMs);
    this.#account.add(cluster);
    return birthOf(cluster, nowMs);
  }

  vanishCluster({ region, name }: VanishCluster): void {
    this.settle();
    const nowMs = this.clock.nowMs();
    this.#account.mustHold(region, name, nowMs).goneAtMs = nowMs;
  }

  setStatus({ region, name, status, message }: SetStatus): void {
    this.settle();
    this.#account.mustHold(region, name, this.clock.nowMs()).plan = { kind: 'held', status, message };
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
    incarnations: {},
    clusters: [],
  };
}
