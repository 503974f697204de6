import type { Provider } from '../../../activities/providers/provider.ts';
import type { ProviderErrorKind } from '../../../activities/providers/errors.ts';
import type { FailureType } from '../../../contracts/failures.ts';
import type { Condition } from '../../../contracts/creation.ts';
import type { ObservedState } from '../../../contracts/cluster.ts';
import type { Placement } from '../../../contracts/providers/registry.ts';
import type { SimulatedCluster, SimulatorControl } from '../../../simulators/index.ts';
import type { Fault, FaultName, VendorFaultName } from './faults.ts';

/** The stages of a creation in which the adapter makes calls. A test puts a fault in one of them. */
export const STAGES = ['send', 'adopt', 'wait', 'lease', 'close'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * How a creation ends after a fault. `ready`: one cluster, recorded and ready. `leased`: the same, and its lease has recorded
 * its condition. `refused`: nothing was created, and the ledger accepts the refusal. `closed`: given up for this reason, then
 * proven absent and settled. `absent`: it was closing already, and is proven absent and settled.
 */
export type ExpectedEnd = 'ready' | 'leased' | 'absent' | `refused ${FailureType}` | `closed ${FailureType}`;

/** How a creation ends when one call meets this fault once. */
export type EndByFault = Readonly<Record<FaultName, ExpectedEnd>>;

/** A vendor's error reply, and the adapter's error for it. */
export interface VendorError {
  readonly call: string;
  readonly fault: Fault;
  readonly kind: ProviderErrorKind;
  readonly definite: boolean;
  readonly retryAfterMs?: number;
}

/** What the adapter observes after the vendor has done this to a cluster. */
export interface StateCase {
  readonly what: string;
  /** A fault of the create. */
  readonly fault?: Fault;
  /** A status of the vendor, in which the cluster is held. */
  readonly status?: string;
  readonly placement?: 'usual' | 'with a smaller minimum';
  readonly state: ObservedState;
  readonly nodesInService: number;
  readonly nodesWanted: number;
  readonly outOfCapacity?: boolean;
  /** The condition of a leased cluster that changes to this status. */
  readonly leasedCondition?: Condition;
}

/** How late a new cluster shows, ms of the vendor's time. */
export interface VisibilityLags {
  /** By name or id. */
  readonly getLagMs?: number;
  /** In listings. */
  readonly listLagMs?: number;
}

/** A provider's running simulator and its adapter. */
export interface Bench {
  readonly control: SimulatorControl;
  readonly provider: Provider;
  /** Another adapter, for another server. */
  adapterAt(endpoint: string): Provider;
  /** Adds tags to a cluster, as if they had become visible late. */
  addTags(clusterId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Renames a cluster, as a person does at the vendor. Only for vendors that allow it. */
  rename(clusterId: string, name: string): Promise<void>;
  stop(): Promise<void>;
}

/** What the suite needs to know about a provider, besides what its adapter declares. */
export interface ProviderCase {
  readonly name: string;
  readonly region: string;
  start(options: {
    readonly speed: number;
    readonly callTimeoutMs: number;
    readonly lags?: VisibilityLags;
    /** Lets several clusters have one name. Only for vendors that allow it. */
    readonly allowsDuplicateNames?: boolean;
  }): Promise<Bench>;
  /** A parsed placement. */
  placement(kind: NonNullable<StateCase['placement']>): Placement;
  /** The call that creates a cluster, or its first part. */
  readonly createCall: string;
  /** The call that deletes a cluster, or its last part. */
  readonly deleteCall: string;
  readonly listCall: string;
  /** The call that reads one cluster by its id, and may say that it is not found; null when the adapter only lists. */
  readonly getCall: string | null;
  /** Whether several clusters may have one name. */
  readonly allowsDuplicateNames: boolean;
  /** Whether a cluster can be renamed at the vendor. */
  readonly allowsRenames: boolean;
  /** The call that moves the vendor's own expiry of a cluster; null when there is none. */
  readonly expiryCall: string | null;
  /** An id in the vendor's form that no cluster has. */
  readonly unknownId: string;
  /** Clusters in one page of a listing; null when a listing has no pages. */
  readonly pageSize: number | null;
  /** When a cluster began to bill, ms since the epoch. Without this function, at its creation. */
  billsSince?(control: SimulatorControl, cluster: SimulatedCluster): Promise<number>;
  /** Tags that prove that a cluster is ours. */
  ownTags(key: string): Readonly<Record<string, string>>;
  /** Tags that do not prove it, and why. `mayBeLate`: ours may still become visible beside them. */
  foreignTags(key: string): readonly {
    readonly what: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly mayBeLate: boolean;
  }[];
  /** The vendor's own replies for the errors that every vendor has. */
  readonly vendorFaults: Readonly<Record<VendorFaultName, Fault>>;
  readonly errors: readonly VendorError[];
  readonly states: readonly StateCase[];
  /** How creations end after faults that are not errors of a call, such as missing capacity. */
  readonly outcomes: readonly {
    readonly fault: Fault;
    /** The call that always has the fault. Without it, the create has it once. */
    readonly always?: string;
    readonly expectedEnd: ExpectedEnd;
  }[];
  /** The calls of each stage, and how a creation ends for each fault. Contains every call of the adapter. */
  readonly faultTable: Readonly<Record<Stage, Readonly<Record<string, EndByFault>>>>;
}
