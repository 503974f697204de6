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
import { clusterArn } from './arns.ts';
import type { Context } from './context.ts';
import type { Durations } from './durations.ts';
import { OPERATIONS } from './operations.ts';
import { seededCluster, toSimulatedCluster } from './simulated-cluster.ts';

export interface WorldOptions extends CommonWorldOptions<Durations> {
  readonly accountId: string;
}

/** Simulated SageMaker HyperPod: one account in all regions. */
export class World extends CommonWorld<Call, unknown, Context> {
  constructor(options: WorldOptions) {
    super(options, accountOpener(AccountState, emptyState, Account), { accountId: options.accountId });
  }

  override run({ operation, region, body, requestId }: Call, nowMs: number): unknown {
    return OPERATIONS.get(operation)?.(this.context, { region, nowMs, requestId }, body);
  }

  override seedCluster(seeded: SeedCluster): SimulatedCluster {
    const nowMs = this.currentMs();
    const { region, name } = seeded;
    const { account, accountId, seed } = this.context;
    if (account.clusterNamed(region, name, nowMs) !== undefined) {
      throw new ControlError(`There is already a cluster ${name} in ${region}.`);
    }
    const arn = clusterArn(seed, region, accountId, account.nextClusterNumber(region));
    const cluster = seededCluster(seeded, arn, nowMs);
    account.add(cluster);
    return toSimulatedCluster(cluster, nowMs);
  }

  override vanishCluster({ region, name }: VanishCluster): void {
    const nowMs = this.currentMs();
    this.context.account.clusterForControl(region, name, nowMs).goneAtMs = nowMs;
  }

  override setStatus({ region, name, status, message }: SetStatus): void {
    const cluster = this.context.account.clusterForControl(region, name, this.currentMs());
    cluster.plan = { kind: 'forced', status, message };
  }

  override setRunningNodes({ region, name, nodes }: SetRunningNodes): void {
    this.context.account.clusterForControl(region, name, this.currentMs()).maxRunningNodes = nodes;
  }

  protected override clustersAt(nowMs: number): SimulatedCluster[] {
    return this.context.account.state.clusters.map((cluster) => toSimulatedCluster(cluster, nowMs));
  }
}
