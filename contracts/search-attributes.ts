import type { LeasePhase, MonitorPhase, Phase } from './phases.ts';

/** Typed search attributes by name. Each server must have them registered before a request starts. */
export const SEARCH_ATTRIBUTES = {
  /** The phase of a request, a lease or a monitor (see {@link ShownPhase}). */
  MusterPhase: 'Keyword',
  /** The team whose budget pays. */
  MusterTeam: 'Keyword',
  /** The provider of the current or last creation. */
  MusterProvider: 'Keyword',
  /** The region of the current or last creation. */
  MusterRegion: 'Keyword',
  /**
   * Of a request, the type of the failure that it ends with or compensates for. Of a live lease, a reason of LEASE_REASONS;
   * of a closing or ended lease, why it closed.
   */
  MusterReason: 'Keyword',
  /** The provider's id of the cluster, once there is one. */
  MusterClusterId: 'Keyword',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;

/** What MusterPhase may show. */
export type ShownPhase = Phase | LeasePhase | MonitorPhase;
