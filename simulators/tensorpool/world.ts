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
import { Account, AccountState, emptyState, mustBeGlobal, type DeferredCall } from './account.ts';
import type { Behaviour } from './behaviour.ts';
import { toSimulatedCluster, seededCluster } from './simulated-cluster.ts';
import { clusterIdOf } from './cluster.ts';
import type { Setting } from './context.ts';
import type { Durations } from './durations.ts';
import { holdsName } from './names.ts';
import { operationNamed } from './routes.ts';

export interface WorldOptions extends CommonWorldOptions<Durations> {
  readonly behaviour: Behaviour;
  readonly apiKey: string;
}

/** The simulated account: what every world does, and what its things are here. */
export class World extends CommonWorld<DeferredCall, Account, Durations> {
  readonly setting: Setting;

  constructor(options: WorldOptions) {
    super(options, openerOf(AccountState, emptyState, Account));
    this.setting = { ...this.common, apiKey: options.apiKey, behaviour: options.behaviour };
  }

  override seedCluster(seeded: SeedCluster): SimulatedCluster {
    const nowMs = this.settledMs();
    mustBeGlobal(seeded.region);
    const { seed, behaviour } = this.setting;
    const holders = this.account.living(nowMs).filter(({ name }) => name === seeded.name);
    if (holders.some((holder) => holdsName(holder, behaviour, nowMs))) {
      throw new ControlError(`There is already a cluster ${seeded.name}.`);
    }
    const cluster = seededCluster(seeded, clusterIdOf(seed, this.account.nextIncarnation()), nowMs);
    this.account.state.clusters.push(cluster);
    return toSimulatedCluster(cluster, nowMs);
  }

  override vanishCluster({ region, name }: VanishCluster): void {
    const nowMs = this.settledMs();
    this.account.mustHold(region, name, nowMs).goneAtMs = nowMs;
  }

  override setStatus({ region, name, status, message }: SetStatus): void {
    const cluster = this.account.mustHold(region, name, this.settledMs());
    cluster.plan = { kind: 'held', status, ...(message === undefined ? {} : { message }) };
  }

  override setRunningNodes({ region, name, nodes }: SetRunningNodes): void {
    this.account.mustHold(region, name, this.settledMs()).maxRunningNodes = nodes;
  }

  protected override clustersAt(nowMs: number): SimulatedCluster[] {
    return this.account.state.clusters.map((cluster) => toSimulatedCluster(cluster, nowMs));
  }

  protected override carryOut({ operation, input, requestId, dueAtMs }: DeferredCall): void {
    operationNamed(operation)?.(this.setting, { nowMs: dueAtMs, requestId }, input);
  }
}
