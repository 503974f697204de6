import type {
  SeedCluster,
  SetRunningNodes,
  SetStatus,
  SimulatedCluster,
  VanishCluster,
} from '../core/control-messages.ts';
import { ControlError } from '../core/control-routes.ts';
import { accountOpener } from '../core/state.ts';
import type { CommonWorldOptions } from '../core/options.ts';
import { CommonWorld } from '../core/world.ts';
import { Account, AccountState, emptyState, type Call } from './account.ts';
import type { Context, Output } from './context.ts';
import type { Durations } from './durations.ts';
import type { HpcCluster, Instance, Run } from './model.ts';
import { OPERATIONS } from './operations.ts';
import { seedCluster } from './seed-cluster.ts';
import { simulatedClusters } from './simulated-clusters.ts';
import { isInstanceGone } from './status.ts';

export interface WorldOptions extends CommonWorldOptions<Durations> {
  readonly region: string;
}

/** Simulated Alibaba Cloud ECS: one account in all regions. */
export class World extends CommonWorld<Call, Output, Context> {
  constructor(options: WorldOptions) {
    super(options, accountOpener(AccountState, emptyState, Account), { defaultRegion: options.region });
  }

  override run({ operation, parameters, requestId }: Call, nowMs: number): Output {
    return OPERATIONS.get(operation)?.(this.context, { nowMs, requestId }, parameters) ?? {};
  }

  override seedCluster(seeded: SeedCluster): SimulatedCluster {
    return seedCluster(this.context, seeded, this.currentMs());
  }

  override vanishCluster({ region, name }: VanishCluster): void {
    const { containers, instances, nowMs } = this.#named(region, name);
    for (const container of containers) container.goneAtMs = nowMs;
    for (const instance of instances) instance.goneAtMs = nowMs;
  }

  /** Sets the status of all instances of the name. `Creating` also makes a container refuse instances. */
  override setStatus({ region, name, status }: SetStatus): void {
    const { containers, instances } = this.#named(region, name);
    for (const container of containers) container.forcedStatus = status;
    for (const instance of instances) instance.plan = { kind: 'forced', status };
  }

  /** Lets the first instances of the name run and stops the others. */
  override setRunningNodes({ region, name, nodes }: SetRunningNodes): void {
    for (const [index, instance] of this.#named(region, name).instances.entries()) {
      instance.plan = { kind: 'forced', status: index < nodes ? 'Running' : 'Stopped' };
    }
  }

  protected override clustersAt(nowMs: number): SimulatedCluster[] {
    return simulatedClusters(this.context.account, nowMs);
  }

  /**
   * Everything that exists under the name of a cluster of the control API. Names are not unique, so it can be several.
   * @throws ControlError when it is nothing
   */
  #named(region: string, name: string): { containers: HpcCluster[]; instances: Instance[]; nowMs: number } {
    const nowMs = this.currentMs();
    const { account } = this.context;
    const containers = account.containers(region, nowMs).filter((cluster) => cluster.name === name);
    const ids = new Set<string | undefined>(containers.map(({ id }) => id));
    const isNamed = (run: Run): boolean =>
      run.hpcClusterId === undefined ? run.region === region && run.name === name : ids.has(run.hpcClusterId);
    const instances = account.state.runs
      .filter(isNamed)
      .flatMap((run) => run.instances)
      .filter((instance) => !isInstanceGone(instance, nowMs));
    if (containers.length === 0 && instances.length === 0) {
      throw new ControlError(`There is no cluster ${name} in ${region}.`);
    }
    return { containers, instances, nowMs };
  }
}
