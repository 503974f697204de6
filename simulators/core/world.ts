import { join } from 'node:path';
import type { ServedWorld } from './calls.ts';
import { Clock } from './clock.ts';
import type { CommonContext } from './context.ts';
import type {
  SeedCluster,
  SetLimit,
  SetRunningNodes,
  SetStatus,
  SimulatedCluster,
  StatePart,
  VanishCluster,
} from './control-messages.ts';
import { scaleBySpeed, type DurationTable } from './durations.ts';
import { FaultRules } from './faults.ts';
import { Journal } from './journal.ts';
import { withLimit } from './limits.ts';
import type { CommonWorldOptions } from './options.ts';
import { readStateFile, StateFile } from './state-file.ts';
import type { AccountData, CommonCall, CommonState, Deferred, OpenAccount } from './state.ts';

/** The state on disk with the deferred calls of a provider. */
type StateWithCalls<Call extends CommonCall> = CommonState & { deferred: Deferred<Call>[] };

/** The part of an account that the world works on. */
interface WorldAccount<Call extends CommonCall> {
  readonly state: AccountData<StateWithCalls<Call>>;
  /** Forgets clusters and tokens; the world itself forgets limits and deferred calls. */
  clear(parts: ReadonlySet<StatePart>, nowMs: number): void;
}

/** The context of a provider's operations, as far as the world knows it. */
type WorldContext<Call extends CommonCall> = CommonContext<WorldAccount<Call>, DurationTable>;

/**
 * A simulated provider: an account with its clock, fault rules and journal. The wire protocol and the control API work
 * on it. Each provider says what its clusters are and what its operations do.
 */
export abstract class CommonWorld<
  Call extends CommonCall,
  Output,
  Context extends WorldContext<Call>,
> implements ServedWorld<Call, Output> {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly faults: FaultRules;
  readonly context: Context;
  readonly #stateFile: StateFile;

  /** @param own what the provider's context holds beside the common part */
  constructor(
    options: CommonWorldOptions<Context['durations']>,
    open: OpenAccount<Context['account']>,
    own: Omit<Context, keyof WorldContext<Call>>,
  ) {
    const file = (name: string): string | undefined =>
      options.folder === undefined ? undefined : join(options.folder, name);
    const { state, account } = open(readStateFile(file('state.json')));
    this.clock = new Clock(state.advancedMs);
    this.faults = new FaultRules(state.rules);
    this.journal = new Journal(file('journal.jsonl'));
    const { capacity, quotas, jitter, seed } = options;
    const durations = scaleBySpeed(options.durations, options.speed);
    this.context = { account, faults: this.faults, capacity, quotas, durations, jitter, seed, ...own } as Context;
    this.#stateFile = new StateFile(file('state.json'), (): StateWithCalls<Call> => ({
      ...account.state,
      version: 1,
      advancedMs: this.clock.advancedMs,
      rules: [...this.faults.rules],
    }));
  }

  abstract seedCluster(seeded: SeedCluster): SimulatedCluster;
  abstract vanishCluster(cluster: VanishCluster): void;
  abstract setStatus(to: SetStatus): void;
  abstract setRunningNodes(to: SetRunningNodes): void;

  abstract run(call: Call, nowMs: number): Output;
  /** Every cluster that was ever created, oldest first. */
  protected abstract clustersAt(nowMs: number): SimulatedCluster[];

  save(): Promise<void> {
    return this.#stateFile.save();
  }

  defer(call: Call, afterMs: number): void {
    this.context.account.state.deferred.push({ ...call, dueAtMs: this.clock.nowMs() + afterMs });
  }

  runDueCalls(): boolean {
    const nowMs = this.clock.nowMs();
    const { state } = this.context.account;
    const due = state.deferred.filter((call) => call.dueAtMs <= nowMs).sort((a, b) => a.dueAtMs - b.dueAtMs);
    if (due.length === 0) return false;
    state.deferred = state.deferred.filter((call) => call.dueAtMs > nowMs);
    for (const call of due) {
      try {
        this.run(call, call.dueAtMs);
      } catch {
        // The provider refuses the call; its caller has gone.
      }
    }
    return true;
  }

  clusters(liveOnly: boolean): SimulatedCluster[] {
    const clusters = this.clustersAt(this.currentMs());
    return liveOnly ? clusters.filter((cluster) => cluster.goneAtMs === null) : clusters;
  }

  setCapacity(limit: SetLimit): void {
    const { state } = this.context.account;
    state.capacity = withLimit(state.capacity, limit);
  }

  setQuota(limit: SetLimit): void {
    const { state } = this.context.account;
    state.quotas = withLimit(state.quotas, limit);
  }

  clear(parts: ReadonlySet<StatePart>): void {
    const nowMs = this.currentMs();
    const { state } = this.context.account;
    if (parts.has('limits')) state.capacity = state.quotas = [];
    if (parts.has('live-clusters')) state.deferred = [];
    this.context.account.clear(parts, nowMs);
  }

  /** The simulated time, after all calls that are due by then. */
  protected currentMs(): number {
    this.runDueCalls();
    return this.clock.nowMs();
  }
}
