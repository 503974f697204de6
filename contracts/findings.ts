import type { ObservedState } from './cluster.ts';

/* Disagreements between a provider's region, the ledger and Temporal. A monitor acts on them; an audit shows them. */

/** A cluster that carries a key which the ledger does not know. It is reported and never touched. */
export interface Stray {
  readonly provider: string;
  readonly region: string;
  readonly clusterId: string;
  readonly name: string;
  readonly state: ObservedState;
  /** The provider's creation time, ms since the epoch; null when it has none. */
  readonly createdAtMs: number | null;
  /** What it costs, micro-dollars an hour, by the provider or by the catalogue; null when neither has a price. */
  readonly hourlyMicros: number | null;
}

/** A disagreement. */
export type Finding =
  /** The owner of the creation has not recorded this state. `closing`: its row closes, and the owner may not know. */
  | {
      readonly kind: 'changed';
      readonly key: string;
      readonly requestId: string;
      /** The creation's state. */
      readonly state: 'open' | 'leased' | 'closing';
      /** The owner's workflow id. */
      readonly owner: string;
      readonly observed: ObservedState | 'closing';
    }
  /**
   * An open, leased or closing creation whose owner does not run. The remedy is to start its lease, to start its cleanup, to
   * `wait` for a resubmit, or for people to `rebuild` its row. They rebuild it when the owner has completed although the row
   * is not at its end: the ledger was restored from an older backup, and the cluster may be in use.
   */
  | {
      readonly kind: 'unowned';
      readonly key: string;
      readonly requestId: string;
      readonly state: 'open' | 'leased' | 'closing';
      readonly owner: string;
      /** The row's epoch. A cleanup acts only on the epoch that was found. */
      readonly epoch: number;
      /** The provider's id of the cluster; null when none is recorded. */
      readonly clusterId: string | null;
      readonly remedy: 'start-lease' | 'start-cleanup' | 'wait' | 'rebuild';
    }
  /** A request that waits although it owns no active creation: its creation ended while it waited, as after a reset. */
  | { readonly kind: 'orphaned-wait'; readonly requestId: string; readonly owner: string }
  /** A cluster whose key has ended, or whose creation has recorded another cluster. */
  | { readonly kind: 'late-cluster'; readonly key: string; readonly requestId: string; readonly clusterId: string }
  | ({ readonly kind: 'stray' } & Stray);

/** A region, compared with the ledger and with Temporal. */
export interface RegionAudit {
  readonly provider: string;
  readonly region: string;
  /** Time of the audit, ms since the epoch by the ledger's clock. */
  readonly atMs: number;
  /** How many clusters carry a key of this installation. */
  readonly listed: number;
  /** How many creations of the region are open, leased or closing. */
  readonly active: number;
  /** At most MAX_FINDINGS_PER_KIND of each kind. */
  readonly findings: readonly Finding[];
  /** How many clusters carry a key of another installation. Nothing touches them. */
  readonly foreignClusters: number;
}

/** A region that could not be audited, and why. */
export interface UnreachableLocation {
  readonly provider: string;
  readonly region: string;
  readonly why: string;
}

/** Audits of several regions. */
export interface RegionAudits {
  readonly regions: readonly RegionAudit[];
  readonly unreachable: readonly UnreachableLocation[];
}

/** Every disagreement: inside the ledger, between the ledger and Temporal, and with each provider. */
export interface Audit extends RegionAudits {
  /** A sentence for each fault in the ledger's books. */
  readonly ledger: readonly string[];
  /** A sentence for each lease and cleanup that runs and owns nothing. */
  readonly temporal: readonly string[];
}

/** What a monitor has done, and how far behind the owners are. The heartbeat of its pending activity carries it. */
export interface MonitorReport {
  readonly sweeps: number;
  /** When the last sweep ended, ms since the epoch; null before the first. */
  readonly lastSweepAtMs: number | null;
  /** Pause until the next sweep, ms. */
  readonly intervalMs: number;
  /** Clusters, open creations, leased creations and strays in the last sweep. */
  readonly listed: number;
  readonly waiting: number;
  readonly leases: number;
  readonly strays: number;
  /** Age of the oldest change that its owner has not recorded, ms; 0 when there is none. */
  readonly lagMs: number;
  /** Totals of all sweeps of this run. */
  readonly hintsSent: number;
  readonly leasesStarted: number;
  readonly cleanupsStarted: number;
  /** From the last sweep: cleanups that it did not start, and creations that people must decide about. */
  readonly needsAttention: number;
  /** Why the last sweep failed; null when it succeeded. */
  readonly problem: string | null;
}
