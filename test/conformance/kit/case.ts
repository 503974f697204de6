import type { Provider } from '../../../activities/providers/provider.ts';
import type { ProviderErrorKind } from '../../../activities/providers/errors.ts';
import type { FailureType } from '../../../contracts/failures.ts';
import type { Condition } from '../../../contracts/creation.ts';
import type { ObservedState } from '../../../contracts/cluster.ts';
import type { Placement } from '../../../contracts/providers/registry.ts';
import type { SimulatedCluster, FaultRuleInput, SimulatorControl } from '../../../simulators/index.ts';
import type { FaultName, VendorFaultName } from './faults.ts';

export type Fault = FaultRuleInput['fault'];

/** The stretches of a life in which calls are made; a fault is met in one of them. */
export const STAGES = ['send', 'adopt', 'wait', 'lease', 'close'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * How a life ends that met a fault. `ready`: one cluster, recorded and usable; `leased`: the same, in use, and its lease
 * knows it. `refused`: nothing was made, and the
 * ledger takes the refusal. `closed`: given up for this reason, then proven absent and settled. `absent`: a closing
 * that came to its end all the same.
 */
export type Fate = 'ready' | 'leased' | 'absent' | `refused ${FailureType}` | `closed ${FailureType}`;

/** The fate of a life that meets each fault once, at one call. */
export type Row = Readonly<Record<FaultName, Fate>>;

/** A vendor's error reply, and what the adapter makes of it. */
export interface VendorError {
  readonly call: string;
  readonly fault: Fault;
  readonly kind: ProviderErrorKind;
  readonly definite: boolean;
  readonly retryAfterMs?: number;
}

/** What a look at a cluster tells, after the vendor did this to it. */
export interface Sight {
  readonly what: string;
  /** Scripted for the create. */
  readonly fault?: Fault;
  /** Held in this status of the vendor's own. */
  readonly status?: string;
  readonly placement?: 'usual' | 'content with fewer nodes';
  readonly state: ObservedState;
  readonly nodesInService: number;
  readonly nodesWanted: number;
  readonly outOfCapacity?: boolean;
  /** What a lease takes it for that comes to be held in this status. */
  readonly leased?: Condition;
}

/** Vendor times of a bench, ms as the vendor has them: the bench's speed divides them. */
export interface Lags {
  /** How late a birth shows when asked for by name or id. */
  readonly getLagMs?: number;
  /** How late it shows in listings. */
  readonly listLagMs?: number;
}

/** A provider's simulator, running, and its adapter. */
export interface Bench {
  readonly control: SimulatorControl;
  readonly provider: Provider;
  /** Another adapter that talks to some other server. */
  adapterAt(endpoint: string): Provider;
  /** Tells a cluster's tags after its birth, as a vendor does that shows them late. */
  addTags(clusterId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Renames a cluster, as somebody does at the vendor: only asked for where `renames`. */
  rename(clusterId: string, name: string): Promise<void>;
  stop(): Promise<void>;
}

/** All that the suite must be told of a provider; the rest its adapter declares. */
export interface ProviderCase {
  readonly name: string;
  readonly region: string;
  start(options: {
    readonly speed: number;
    readonly callTimeoutMs: number;
    readonly lags?: Lags;
    /** Names may be worn by several: only asked for where `sharesNames`. */
    readonly sharesNames?: boolean;
  }): Promise<Bench>;
  /** Parsed. */
  placement(kind: NonNullable<Sight['placement']>): Placement;
  /** The call that makes a cluster, and the one that asks for its end. */
  readonly createCall: string;
  readonly deleteCall: string;
  readonly listCall: string;
  /** The call that looks at one cluster by its id, and may say that it is not found; null where looks are listings. */
  readonly getCall: string | null;
  /** Whether several clusters, each with an id of its own, may wear one name. */
  readonly sharesNames: boolean;
  /** Whether a cluster's name may be changed at the vendor. */
  readonly renames: boolean;
  /** The call that moves the time at which the vendor ends a cluster by itself; null where it does not. */
  readonly expiryCall: string | null;
  /** An id, in the vendor's form, of a cluster that never was. */
  readonly unknownId: string;
  /** Clusters in one page of a listing, as the adapter reads it; null where one reply holds them all. */
  readonly pageSize: number | null;
  /** When a birth began to bill, ms; with its birth where this is not said. */
  billsSince?(control: SimulatorControl, cluster: SimulatedCluster): Promise<number>;
  /** Tags that make a cluster ours. */
  ownTags(key: string): Readonly<Record<string, string>>;
  /** Tags of strangers, by what is wrong with them; `unsure` ones might be tags that do not show yet. */
  strangers(key: string): readonly {
    readonly what: string;
    readonly tags: Readonly<Record<string, string>>;
    readonly unsure: boolean;
  }[];
  /** The vendor's words for the errors that every vendor has. */
  readonly vendorFaults: Readonly<Record<VendorFaultName, Fault>>;
  readonly errors: readonly VendorError[];
  readonly readings: readonly Sight[];
  /** What becomes of creations that the vendor accepted, or would not for want of something. */
  readonly outcomes: readonly {
    readonly fault: Fault;
    /** Another call than the create, which meets the fault each time. */
    readonly always?: string;
    readonly fate: Fate;
  }[];
  /** Which calls each stage makes, with their rows: every call of the adapter stands here. */
  readonly rows: Readonly<Record<Stage, Readonly<Record<string, Row>>>>;
}
