import type { Creation } from './creation.ts';

/** A node in service. */
export interface ClusterNode {
  readonly nodeId: string;
  readonly group: string;
  readonly instanceType: string;
  /** Private address; null where the provider does not tell it: not yet, or not to these credentials. */
  readonly address: string | null;
  readonly dnsName: string | null;
}

/** What a provider says of a cluster, in our words. */
export type ObservedState = 'creating' | 'ready' | 'degraded' | 'failed' | 'deleting' | 'gone';

/** One look at a cluster. */
export interface Observation {
  readonly state: ObservedState;
  /** Nodes in service and nodes wanted. */
  readonly nodesInService: number;
  readonly nodesWanted: number;
  /** Whether it failed for want of capacity. */
  readonly outOfCapacity: boolean;
  /**
   * Whether anything of it stands, where the state does not tell: a creation that failed may leave nothing, and a cluster
   * that is gone what it stood in.
   */
  readonly resourcesRemain?: boolean;
  /** What the provider bills for it, micro-dollars an hour; absent where it does not tell. */
  readonly hourlyMicros?: number;
  /** The provider's own word and message, shortened, free of secrets. */
  readonly detail: string;
}

/** What one needs to use a ready cluster. */
export interface ClusterAccess {
  /** The provider's id: for SageMaker the ARN. */
  readonly clusterId: string;
  /** The name it wears at the provider: its idempotency key. */
  readonly clusterName: string;
  readonly nodeCount: number;
  /** At most MAX_LISTED_NODES of them. */
  readonly nodes: readonly ClusterNode[];
  /** How to log in: a command for each of the first nodes, as the provider documents it. */
  readonly login: readonly string[];
}

/** A step of the request's story. */
export interface TimelineEntry {
  readonly atMs: number;
  readonly what: string;
}

/** Why a placement was passed over. */
export interface SkippedPlacement {
  readonly placementIndex: number;
  readonly provider: string;
  readonly region: string;
  readonly type: string;
  readonly message: string;
}

/** The creations of a request with their fate: what an end carries. */
export interface Receipt {
  readonly requestId: string;
  readonly team: string;
  /** The newest MAX_LISTED_CREATIONS, oldest first. */
  readonly creations: readonly Creation[];
  /** How many creations the request has, listed or not. */
  readonly creationCount: number;
  /** Sum of what ended creations cost, micro-dollars, also of those that are not listed. */
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
  /** Null where a resumed run found the lease made by an earlier one and did not look again. */
  readonly access: ClusterAccess | null;
  readonly clusterId: string | null;
  readonly hourlyMicros: number;
  /** Workflow id of the lease: send `release` there, or use the client. */
  readonly leaseWorkflowId: string;
  /** The lease is paid for until then. */
  readonly leaseUntilMs: number | null;
  /** Released already, when an old run is resumed after the cluster's life. */
  readonly released: boolean;
  readonly receipt: Receipt;
}
