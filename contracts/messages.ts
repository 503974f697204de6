import type { ObservedState, SkippedPlacement, ProvisionedCluster, TimelineEntry } from './cluster.ts';
import type { Creation } from './creation.ts';
import type { Failure } from './failures.ts';
import type { Location } from './health.ts';
import type { OperationWorkflows } from './operations.ts';
import type { Phase } from './phases.ts';

/** Workflow types and their inputs. */
export interface Workflows extends OperationWorkflows {
  provisionCluster(request: unknown): Promise<ProvisionedCluster>;
  leaseCluster(input: { readonly creation: Creation }): Promise<Creation>;
  /** @param clusterId the one cluster to remove, born too late under the creation's key; without it all that it made */
  cleanupCreation(input: { readonly creation: Creation; readonly clusterId?: string }): Promise<Creation>;
  /** @param heartbeatTimeoutMs after which silence a sweep is taken up by another worker */
  monitorRegion(input: Location & { readonly heartbeatTimeoutMs: number }): Promise<never>;
}

/** Names of signals and queries, with the descriptions that the Web UI shows. */
export const MESSAGES = {
  release: { name: 'release', description: 'Ends the lease: the cluster is deleted, and what it cost is booked.' },
  extend: {
    name: 'extend',
    description:
      'Lets the lease end later: {"untilMs": <ms since the epoch>, "who": "..."}. The money is held first, or it is refused.',
  },
  hint: {
    name: 'hint',
    description: 'From the monitor: the cluster looks different from what is recorded. One look confirms it or not.',
  },
  status: { name: 'status', description: 'Where the request is, its creation, and how long it has.' },
} as const;

/** Arguments of the update `release`. */
export interface ReleaseUpdate {
  readonly who: string;
  readonly why: string;
}

/** Arguments of the update `extend`. */
export interface ExtendUpdate {
  readonly untilMs: number;
  readonly who: string;
}

/** Arguments of the signal `hint`. */
export interface HintSignal {
  /** The creation's; null where nothing that it waits for is active any more: it has to look what stands. */
  readonly key: string | null;
  readonly observed: ObservedState | 'closing';
}

/** Answer of the query `status`. */
export interface RequestStatus {
  readonly requestId: string;
  readonly phase: Phase;
  readonly creation: Creation | null;
  /** When the creation must be ready, ms since the epoch. */
  readonly readyDeadlineMs: number | null;
  readonly placementIndex: number;
  readonly placements: number;
  /** What it compensates for, or failed with. */
  readonly failure: Failure | null;
  /** Placements that did not give a cluster, in the order they were tried. */
  readonly skipped: readonly SkippedPlacement[];
  /** What this run did, oldest first. */
  readonly timeline: readonly TimelineEntry[];
}
