import { z } from 'zod';
import type { Part } from '../core/control-messages.ts';
import { CommonState, Deferred, emptyCommonState, stays, type AccountPart } from '../core/state.ts';
import { isContainerGone, isInstanceGone } from './life.ts';
import { HpcCluster, Run, type Instance } from './model.ts';
import { UsedToken } from './tokens.ts';

/** A call whose effect comes later than its connection ended. */
export const DeferredCall = Deferred.extend({
  parameters: z.record(z.string(), z.string()),
});
export type DeferredCall = z.infer<typeof DeferredCall>;

/** Everything that outlives the process, but for the journal. */
export const AccountState = CommonState.extend({
  deferred: z.array(DeferredCall),
  tokens: z.array(UsedToken),
  /** How many containers, runs and instances there ever were, by region; keeps the ids of later ones new. */
  counts: z.record(z.string(), z.int()),
  hpcClusters: z.array(HpcCluster),
  runs: z.array(Run),
});
export type AccountState = z.infer<typeof AccountState>;

/** The state of an account in which nothing has happened yet. */
export function emptyState(): AccountState {
  return { ...emptyCommonState(), tokens: [], counts: {}, hpcClusters: [], runs: [] };
}

/** An instance and the run that made it. */
export interface Member {
  readonly run: Run;
  readonly instance: Instance;
}

/** The containers and instances of one account in all regions, and the ways to find them. */
export class Account {
  readonly state: AccountPart<AccountState>;

  constructor(state: Account['state']) {
    this.state = state;
  }

  /** The number of the next thing of its kind in a region, from 0; `many` leaves room for so many. */
  next(kind: 'hpc' | 'run' | 'instance', region: string, many = 1): number {
    const key = `${kind} ${region}`;
    const nth = this.state.counts[key] ?? 0;
    this.state.counts[key] = nth + many;
    return nth;
  }

  /** The containers of a region that have not gone, oldest first; seen from inside, without lags. */
  containers(region: string, nowMs: number): HpcCluster[] {
    return this.state.hpcClusters.filter((cluster) => cluster.region === region && !isContainerGone(cluster, nowMs));
  }

  /** What a caller finds under the id of a container; undefined also while it is not visible yet. */
  visibleContainer(region: string, id: string, nowMs: number): HpcCluster | undefined {
    return this.containers(region, nowMs).find((cluster) => cluster.id === id && nowMs >= cluster.visibleToGetAtMs);
  }

  /** The instances of a region that have not gone, oldest first; seen from inside. */
  instances(region: string, nowMs: number): Member[] {
    return this.state.runs
      .filter((run) => run.region === region)
      .flatMap((run) => run.instances.map((instance) => ({ run, instance })))
      .filter(({ instance }) => !isInstanceGone(instance, nowMs));
  }

  /** What a caller finds under an instance's id. */
  visibleInstance(region: string, id: string, nowMs: number): Member | undefined {
    return this.instances(region, nowMs).find(
      ({ run, instance }) => instance.id === id && nowMs >= run.visibleToGetAtMs,
    );
  }

  /** The runs that were put into a container, whatever became of their instances. */
  runsIn({ id, region }: HpcCluster): Run[] {
    return this.state.runs.filter((run) => run.region === region && run.hpcClusterId === id);
  }

  forget(parts: ReadonlySet<Part>, nowMs: number): void {
    const { state } = this;
    if (parts.has('tokens')) state.tokens = [];
    const goneRun = (run: Run): boolean => run.instances.every((instance) => isInstanceGone(instance, nowMs));
    // A run shares the fate of its container: what is left of a birth must be all of it.
    const kept = state.hpcClusters.filter((cluster) => stays(parts, isContainerGone(cluster, nowMs)));
    const keptIds = new Set(kept.map(({ id }) => id));
    state.runs = state.runs.filter((run) =>
      run.hpcClusterId === undefined ? stays(parts, goneRun(run)) : keptIds.has(run.hpcClusterId),
    );
    state.hpcClusters = kept;
  }
}
