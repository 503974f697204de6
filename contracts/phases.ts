/** Phases of a request. `ready`, `failed` and `cancelled` are ends. */
export const PHASES = ['planning', 'creating', 'waiting', 'compensating', 'ready', 'failed', 'cancelled'] as const;
export type Phase = (typeof PHASES)[number];

/** Phases of a lease. A `parked` lease keeps its cluster and its hold, and waits for a person. `released` is the end. */
export const LEASE_PHASES = ['leased', 'parked', 'releasing', 'released'] as const;
export type LeasePhase = (typeof LEASE_PHASES)[number];

/** What is wrong with a lease that is leased or parked. */
export const LEASE_REASONS = [
  /** The cluster has failed. */
  'ClusterFailed',
  /** The cluster is gone from its provider. */
  'ClusterVanished',
  /** Nodes are missing. */
  'ClusterDegraded',
  /** The budget has no room for the next slice, or for time that the lease was promised. */
  'Unfunded',
  /** The provider would end the cluster before its funded time is over. */
  'ExpiryNotMoved',
  /** The end is near. */
  'EndsSoon',
  /** The provider does not tell what became of the cluster. */
  'InspectionFails',
  /** The ledger has no row of the lease. */
  'NotInLedger',
] as const;
export type LeaseReason = (typeof LEASE_REASONS)[number];

/** The one phase of a monitor. */
export type MonitorPhase = 'monitoring';
