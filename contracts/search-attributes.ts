/** Typed search attributes, by name; every server must have them registered before a request starts. */
export const SEARCH_ATTRIBUTES = {
  /** A phase of contracts/phases.ts, or of a lease: leased, parked (it waits for somebody), releasing, released. */
  MusterPhase: 'Keyword',
  /** The team whose budget pays. */
  MusterTeam: 'Keyword',
  /** The provider of the creation at hand. */
  MusterProvider: 'Keyword',
  /** The region of the creation at hand. */
  MusterRegion: 'Keyword',
  /**
   * The failure type that a request ends with or compensates for. Of a lease, what is amiss (ClusterFailed,
   * ClusterVanished, ClusterDegraded, Unfunded, ExpiryNotMoved, EndsSoon, LooksFail, NotInLedger), or why it ended.
   */
  MusterReason: 'Keyword',
  /** The provider's own id of the cluster, once there is one. */
  MusterClusterId: 'Keyword',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;
