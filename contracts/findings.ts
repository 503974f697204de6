import type { ObservedState } from './cluster.ts';

/*
 * What a look at a provider's region finds against the ledger and Temporal. A monitor acts on it, people are shown it.
 */

/** A cluster that wears a key of Muster's, and that this ledger does not know. It is reported and never touched. */
export interface Stray {
  readonly provider: string;
  readonly region: string;
  readonly clusterId: string;
  readonly name: string;
  readonly state: ObservedState;
  /** The provider's time of birth, ms since the epoch; null where it tells none. */
  readonly createdAtMs: number | null;
  /** What it costs an hour, micro-dollars, as the provider tells or by the catalogue; null where neither does. */
  readonly hourlyMicros: number | null;
}

/** A disagreement between a provider, the ledger and Temporal. */
export type Finding =
  /** The cluster is in a state that its owner has not recorded; `closing`: its row closes, and its owner may not know. */
  | {
      readonly kind: 'changed';
      readonly key: string;
      readonly requestId: string;
      /** Of the creation. */
      readonly state: 'open' | 'leased' | 'closing';
      /** Workflow id of the owner. */
      readonly owner: string;
      readonly seen: ObservedState | 'closing';
    }
  /**
   * An open, leased or closing creation whose owner does not run, and what puts it right. `wait`: a resubmit may yet.
   * `rebuild`: its owner has come to its good end, and its row stands before that: the ledger was set back, its cluster
   * may be in use, and people decide.
   */
  | {
      readonly kind: 'unowned';
      readonly key: string;
      readonly requestId: string;
      readonly state: 'open' | 'leased' | 'closing';
      readonly owner: string;
      /** How often the row has changed its owner: a cleanup acts only on what was found. */
      readonly epoch: number;
      /** The provider's id of its cluster; null where the row has none. */
      readonly clusterId: string | null;
      readonly remedy: 'lease' | 'cleanup' | 'wait' | 'rebuild';
    }
  /** A request that waits, and owns nothing that is active: its creation ended under it, as after a reset. */
  | { readonly kind: 'orphaned-wait'; readonly requestId: string; readonly owner: string }
  /** A cluster under a key that has ended, or whose own cluster is another one. */
  | { readonly kind: 'late-cluster'; readonly key: string; readonly requestId: string; readonly clusterId: string }
  | ({ readonly kind: 'stray' } & Stray);

/** One look at a region, against the ledger and Temporal. */
export interface RegionAudit {
  readonly provider: string;
  readonly region: string;
  /** The ledger's time of the look, ms since the epoch. */
  readonly atMs: number;
  /** Clusters of this installation that the provider lists, and creations of the region that are open, leased or closing. */
  readonly listed: number;
  readonly active: number;
  /** At most MAX_STRAYS of each kind. */
  readonly findings: readonly Finding[];
  /** Clusters that wear keys of other installations: theirs, and none of our business. */
  readonly othersClusters: number;
}

/** Where a look was not possible, and why. */
export interface UnreachableLocation {
  readonly provider: string;
  readonly region: string;
  readonly why: string;
}

/** Looks at places: what each came to. */
export interface RegionAudits {
  readonly regions: readonly RegionAudit[];
  readonly unreachable: readonly UnreachableLocation[];
}

/** Every disagreement that can be found: inside the ledger, between it and Temporal, and with each provider. */
export interface Audit extends RegionAudits {
  /** Sentences. */
  readonly ledger: readonly string[];
  /** Sentences: leases and cleanups that run and own nothing. */
  readonly temporal: readonly string[];
}

/** What a monitor has done so far, and how it lags: shown as its pending activity's heartbeat. */
export interface MonitorReport {
  readonly sweeps: number;
  /** When the last sweep ended, ms since the epoch; null before the first. */
  readonly sweptAtMs: number | null;
  /** Pause until the next one, ms. */
  readonly intervalMs: number;
  /** Of the last sweep. */
  readonly listed: number;
  readonly waiting: number;
  readonly leases: number;
  readonly strays: number;
  /** How long the oldest change has been known to the monitor that its owner has not recorded, ms; 0 where there is none. */
  readonly lagMs: number;
  /** Of all sweeps of this run. */
  readonly told: number;
  readonly leasesStarted: number;
  readonly cleanupsStarted: number;
  /** What the last sweep left: cleanups beyond the cap or only reported, and creations that people must decide on. */
  readonly cleanupsLeft: number;
  /** Why the last sweep failed; null where it did not. */
  readonly trouble: string | null;
}
