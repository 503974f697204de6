import type { ObservedState, SkippedPlacement, ProvisionedCluster, TimelineEntry } from './cluster.ts';
import type { Creation } from './creation.ts';
import type { Failure } from './failures.ts';
import type { Location } from './health.ts';
import type { OperationWorkflows } from './operations.ts';
import type { Phase } from './phases.ts';

/** Every workflow, by its type. */
export interface Workflows extends OperationWorkflows {
  provisionCluster(request: unknown): Promise<ProvisionedCluster>;
  leaseCluster(input: { readonly creation: Creation }): Promise<Creation>;
  /** @param clusterId the one late cluster to delete; without it all clusters of the creation */
  cleanupCreation(input: { readonly creation: Creation; readonly clusterId?: string }): Promise<Creation>;
  /** @param heartbeatTimeoutMs a sweep without a heartbeat for so long is retried on another worker */
  monitorRegion(input: Location & { readonly heartbeatTimeoutMs: number }): Promise<never>;
}

/** Names of updates, signals and queries, with the descriptions that the Web UI shows. */
export const MESSAGES = {
  release: { name: 'release', description: 'Ends the lease: deletes the cluster and books its cost.' },
  extend: {
    name: 'extend',
    description:
      'Lets the lease end later: {"untilMs": <ms since the epoch>, "who": "..."}. Refused when the money cannot be held.',
  },
  hint: {
    name: 'hint',
    description:
      'From the monitor: the cluster differs from its record. The workflow looks at the cluster itself before it acts.',
  },
  status: { name: 'status', description: 'The phase of the request, its creation and its deadline.' },
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
  /** The creation's key; null when no creation of the request is active: it must read its rows again. */
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
  /** The failure that it compensates for, or ended with. */
  readonly failure: Failure | null;
  /** Placements that gave no cluster, in the order they were tried. */
  readonly skipped: readonly SkippedPlacement[];
  /** What this run did, oldest first. */
  readonly timeline: readonly TimelineEntry[];
}
