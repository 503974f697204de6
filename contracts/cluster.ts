import type { Creation } from './creation.ts';

/** A node in service. */
export interface ClusterNode {
  readonly nodeId: string;
  readonly group: string;
  readonly instanceType: string;
  /** Private address; null when the provider does not show it, or not yet. */
  readonly address: string | null;
  readonly dnsName: string | null;
}

/** The state of a cluster, translated from the provider's own. */
export type ObservedState = 'creating' | 'ready' | 'degraded' | 'failed' | 'deleting' | 'gone';

/** What one read of a cluster shows. */
export interface Observation {
  readonly state: ObservedState;
  /** Nodes in service and nodes wanted. */
  readonly nodesInService: number;
  readonly nodesWanted: number;
  /** Whether it failed because of missing capacity. */
  readonly outOfCapacity: boolean;
  /**
   * Whether anything of the cluster is left to delete, when the state does not say so: a failed creation may leave nothing,
   * and a cluster that is gone may leave its container.
   */
  readonly resourcesRemain?: boolean;
  /** What the provider bills for it, micro-dollars an hour; absent when it does not say. */
  readonly hourlyMicros?: number;
  /** The provider's own status and message, shortened and without secrets. */
  readonly detail: string;
}

/** How to use a ready cluster. */
export interface ClusterAccess {
  /** The provider's id, such as SageMaker's ARN. */
  readonly clusterId: string;
  /** Its name at the provider, which is the idempotency key. */
  readonly clusterName: string;
  readonly nodeCount: number;
  /** At most MAX_LISTED_NODES of them. */
  readonly nodes: readonly ClusterNode[];
  /** Login commands for the first nodes, as the provider documents them. */
  readonly login: readonly string[];
}

/** What happened to a request, and when. */
export interface TimelineEntry {
  readonly atMs: number;
  readonly what: string;
}

/** A placement that did not lead to a cluster, and why. */
export interface SkippedPlacement {
  readonly placementIndex: number;
  readonly provider: string;
  readonly region: string;
  readonly type: string;
  readonly message: string;
}

/** The creations of a request and how they ended. The end of a run carries it. */
export interface Receipt {
  readonly requestId: string;
  readonly team: string;
  /** The newest MAX_LISTED_CREATIONS, oldest first. */
  readonly creations: readonly Creation[];
  /** How many creations the request has, listed or not. */
  readonly creationCount: number;
  /** What all ended creations cost together, micro-dollars, listed or not. */
  readonly costMicros: number;
  readonly skipped: readonly SkippedPlacement[];
  readonly timeline: readonly TimelineEntry[];
}

/** The result of a request that became ready. */
export interface ProvisionedCluster {
  readonly requestId: string;
  readonly provider: string;
  readonly region: string;
  readonly placementIndex: number;
  /** Null when an earlier run made the lease: the cluster was not read again. */
  readonly access: ClusterAccess | null;
  readonly clusterId: string | null;
  readonly hourlyMicros: number;
  /** Workflow id of the lease. It takes the update `release`. */
  readonly leaseWorkflowId: string;
  /** End of the lease's funded time, ms since the epoch. */
  readonly leaseUntilMs: number | null;
  /** Whether the lease has ended already: an old run was resumed after it. */
  readonly released: boolean;
  readonly receipt: Receipt;
}
