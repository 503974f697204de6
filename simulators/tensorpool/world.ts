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
import { Account, AccountState, checkRegion, emptyState, type Call } from './account.ts';
import type { Behaviour } from './behaviour.ts';
import { clusterIdOf } from './cluster.ts';
import { reservesName } from './cluster-names.ts';
import type { Context, Output } from './context.ts';
import type { Durations } from './durations.ts';
import { operationNamed } from './routes.ts';
import { seededCluster, toSimulatedCluster } from './simulated-cluster.ts';

export interface WorldOptions extends CommonWorldOptions<Durations> {
  readonly behaviour: Behaviour;
  readonly apiKey: string;
}

/** Simulated TensorPool: one account. */
export class World extends CommonWorld<Call, Output, Context> {
  constructor(options: WorldOptions) {
    const { apiKey, behaviour } = options;
    super(options, accountOpener(AccountState, emptyState, Account), { apiKey, behaviour });
  }

  override run({ operation, input, requestId }: Call, nowMs: number): Output {
    return operationNamed(operation)(this.context, { nowMs, requestId }, input);
  }

  override seedCluster(seeded: SeedCluster): SimulatedCluster {
    const nowMs = this.currentMs();
    checkRegion(seeded.region);
    const { account, seed, behaviour } = this.context;
    const sameName = account.liveClusters(nowMs).filter(({ name }) => name === seeded.name);
    if (sameName.some((cluster) => reservesName(cluster, behaviour, nowMs))) {
      throw new ControlError(`There is already a cluster ${seeded.name}.`);
    }
    const cluster = seededCluster(seeded, clusterIdOf(seed, account.nextNumber()), nowMs);
    account.state.clusters.push(cluster);
    return toSimulatedCluster(cluster, nowMs);
  }

  override vanishCluster({ region, name }: VanishCluster): void {
    const nowMs = this.currentMs();
    this.context.account.clusterForControl(region, name, nowMs).goneAtMs = nowMs;
  }

  override setStatus({ region, name, status, message }: SetStatus): void {
    const cluster = this.context.account.clusterForControl(region, name, this.currentMs());
    cluster.plan = { kind: 'forced', status, ...(message === undefined ? {} : { message }) };
  }

  override setRunningNodes({ region, name, nodes }: SetRunningNodes): void {
    this.context.account.clusterForControl(region, name, this.currentMs()).maxRunningNodes = nodes;
  }

  protected override clustersAt(nowMs: number): SimulatedCluster[] {
    return this.context.account.state.clusters.map((cluster) => toSimulatedCluster(cluster, nowMs));
  }
}
