import { z } from 'zod';
import type { StatePart } from '../core/control-messages.ts';
import { CommonCall, CommonState, emptyCommonState, survivesClear, type AccountData } from '../core/state.ts';
import { isGone } from '../core/visibility.ts';
import { HpcCluster, Run, type Instance } from './model.ts';
import { isInstanceGone } from './status.ts';
import { UsedToken } from './used-token.ts';

/** A call of an operation, as it is kept when it is carried out later. */
export const Call = CommonCall.extend({ parameters: z.record(z.string(), z.string()) });
export type Call = z.infer<typeof Call>;

/** Everything that outlives the process, except the journal. */
export const AccountState = CommonState.extend({
  deferred: z.array(Call.extend({ dueAtMs: z.number() })),
  tokens: z.array(UsedToken),
  /** How many containers, runs and instances were ever created, by kind and region; makes the ids of later ones new. */
  counts: z.record(z.string(), z.int()),
  hpcClusters: z.array(HpcCluster),
  runs: z.array(Run),
});
export type AccountState = z.infer<typeof AccountState>;

/** The state of a new account. */
export function emptyState(): AccountState {
  return { ...emptyCommonState(), tokens: [], counts: {}, hpcClusters: [], runs: [] };
}

/** An instance, and the run that created it. */
export interface InstanceOfRun {
  readonly run: Run;
  readonly instance: Instance;
}

/** The containers and instances of one account in all regions. */
export class Account {
  readonly state: AccountData<AccountState>;

  constructor(state: Account['state']) {
    this.state = state;
  }

  /** Reserves numbers for new things of a kind in a region. @returns the first of them; they count from 0 */
  reserveNumbers(kind: 'hpc' | 'run' | 'instance', region: string, many = 1): number {
    const key = `${kind} ${region}`;
    const first = this.state.counts[key] ?? 0;
    this.state.counts[key] = first + many;
    return first;
  }

  /** The containers of a region that exist, oldest first, visible to callers or not. */
  containers(region: string, nowMs: number): HpcCluster[] {
    return this.state.hpcClusters.filter((cluster) => cluster.region === region && !isGone(cluster, nowMs));
  }

  /** The container that a caller finds by its id. */
  visibleContainer(region: string, id: string, nowMs: number): HpcCluster | undefined {
    return this.containers(region, nowMs).find((cluster) => cluster.id === id && nowMs >= cluster.visibleToGetAtMs);
  }

  /** The instances of a region that exist, oldest first, visible to callers or not. */
  instances(region: string, nowMs: number): InstanceOfRun[] {
    return this.state.runs
      .filter((run) => run.region === region)
      .flatMap((run) => run.instances.map((instance) => ({ run, instance })))
      .filter(({ instance }) => !isInstanceGone(instance, nowMs));
  }

  /** The instance that a caller finds by its id. */
  visibleInstance(region: string, id: string, nowMs: number): InstanceOfRun | undefined {
    return this.instances(region, nowMs).find(
      ({ run, instance }) => instance.id === id && nowMs >= run.visibleToGetAtMs,
    );
  }

  /** The runs in a container, also those whose instances are gone. */
  runsIn({ id, region }: HpcCluster): Run[] {
    return this.state.runs.filter((run) => run.region === region && run.hpcClusterId === id);
  }

  clear(parts: ReadonlySet<StatePart>, nowMs: number): void {
    const { state } = this;
    if (parts.has('tokens')) state.tokens = [];
    const isRunGone = (run: Run): boolean => run.instances.every((instance) => isInstanceGone(instance, nowMs));
    // The control API shows a container and its runs as one cluster, so they stay or go together.
    const kept = state.hpcClusters.filter((cluster) => survivesClear(parts, isGone(cluster, nowMs)));
    const keptIds = new Set(kept.map(({ id }) => id));
    state.runs = state.runs.filter((run) =>
      run.hpcClusterId === undefined ? survivesClear(parts, isRunGone(run)) : keptIds.has(run.hpcClusterId),
    );
    state.hpcClusters = kept;
  }
}
