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
import { clusterArn } from './arns.ts';
import { toSimulatedCluster, seededCluster } from './simulated-cluster.ts';
import type { Setting } from './context.ts';
import type { Durations } from './durations.ts';
import { OPERATIONS } from './operations.ts';

export interface WorldOptions extends CommonWorldOptions<Durations> {
  readonly accountId: string;
}

/** The simulated account: what every world does, and what its things are here. */
export class World extends CommonWorld<DeferredCall, Account, Durations> {
  readonly setting: Setting;

  constructor(options: WorldOptions) {
    super(options, openerOf(AccountState, emptyState, Account));
    this.setting = { ...this.common, accountId: options.accountId };
  }

  override seedCluster(seeded: SeedCluster): SimulatedCluster {
    const nowMs = this.settledMs();
    const { region, name } = seeded;
    if (this.account.holderOf(region, name, nowMs) !== undefined) {
      throw new ControlError(`There is already a cluster ${name} in ${region}.`);
    }
    const { seed, accountId } = this.setting;
    const arn = clusterArn(seed, region, accountId, this.account.nextIncarnation(region));
    const cluster = seededCluster(seeded, arn, nowMs);
    this.account.add(cluster);
    return toSimulatedCluster(cluster, nowMs);
  }

  override vanishCluster({ region, name }: VanishCluster): void {
    const nowMs = this.settledMs();
    this.account.mustHold(region, name, nowMs).goneAtMs = nowMs;
  }

  override setStatus({ region, name, status, message }: SetStatus): void {
    this.account.mustHold(region, name, this.settledMs()).plan = { kind: 'held', status, message };
  }

  override setRunningNodes({ region, name, nodes }: SetRunningNodes): void {
    this.account.mustHold(region, name, this.settledMs()).maxRunningNodes = nodes;
  }

  protected override clustersAt(nowMs: number): SimulatedCluster[] {
    return this.account.state.clusters.map((cluster) => toSimulatedCluster(cluster, nowMs));
  }

  protected override carryOut({ operation, region, body, requestId, dueAtMs }: DeferredCall): void {
    OPERATIONS.get(operation)?.(this.setting, { region, nowMs: dueAtMs, requestId }, body);
  }
}
