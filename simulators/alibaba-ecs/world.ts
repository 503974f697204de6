import type {
  SimulatedCluster,
  SeedCluster,
  SetRunningNodes,
  SetStatus,
  VanishCluster,
} from '../core/control-messages.ts';
import { ControlError } from '../core/control-routes.ts';
import { openerOf } from '../core/state.ts';
import { CommonWorld, type CommonWorldOptions } from '../core/world.ts';
import { Account, AccountState, emptyState, type DeferredCall } from './account.ts';
import { simulatedClusters } from './simulated-clusters.ts';
import type { Setting } from './context.ts';
import type { Durations } from './durations.ts';
import { isInstanceGone } from './life.ts';
import type { HpcCluster, Run } from './model.ts';
import { OPERATIONS } from './operations.ts';
import { seedCluster } from './seed-cluster.ts';

export interface WorldOptions extends CommonWorldOptions<Durations> {
  readonly region: string;
}

/** The simulated account: what every world does, and what its things are here. */
export class World extends CommonWorld<DeferredCall, Account, Durations> {
  readonly setting: Setting;

  constructor(options: WorldOptions) {
    super(options, openerOf(AccountState, emptyState, Account));
    this.setting = { ...this.common, defaultRegion: options.region };
  }

  override seedCluster(seeded: SeedCluster): SimulatedCluster {
    return seedCluster(this.setting, seeded, this.settledMs());
  }

  override vanishCluster({ region, name }: VanishCluster): void {
    const { containers, runs, nowMs } = this.#named(region, name);
    for (const container of containers) container.goneAtMs = nowMs;
    for (const instance of livingIn(runs, nowMs)) instance.goneAtMs = nowMs;
  }

  /** Holds all instances of the name; `Creating` also makes a container refuse instances, and other words end that. */
  override setStatus({ region, name, status }: SetStatus): void {
    const { containers, runs, nowMs } = this.#named(region, name);
    for (const container of containers) container.held = status;
    for (const instance of livingIn(runs, nowMs)) instance.plan = { kind: 'held', status };
  }

  /** The first so many instances of the name run, the others are Stopped. */
  override setRunningNodes({ region, name, nodes }: SetRunningNodes): void {
    const { runs, nowMs } = this.#named(region, name);
    for (const [index, instance] of livingIn(runs, nowMs).entries()) {
      instance.plan = { kind: 'held', status: index < nodes ? 'Running' : 'Stopped' };
    }
  }

  protected override clustersAt(nowMs: number): SimulatedCluster[] {
    return simulatedClusters(this.account, nowMs);
  }

  protected override carryOut({ operation, parameters, requestId, dueAtMs }: DeferredCall): void {
    OPERATIONS.get(operation)?.(this.setting, { nowMs: dueAtMs, requestId }, parameters);
  }

  /** Whatever lives under a name, as births count it. Names are not unique here, so it can be several. */
  #named(region: string, name: string): { containers: HpcCluster[]; runs: Run[]; nowMs: number } {
    const nowMs = this.settledMs();
    const containers = this.account.containers(region, nowMs).filter((cluster) => cluster.name === name);
    const ids = new Set<string | undefined>(containers.map(({ id }) => id));
    const runs = this.account.state.runs.filter((run) =>
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
