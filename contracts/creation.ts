import { z } from 'zod';

/** States of a creation; the last three are ends. Keep with the check in the ledger's tables. */
export const CREATION_STATES = ['open', 'leased', 'closing', 'refused', 'absent', 'released'] as const;

const micros = z.number().int();
const timeMs = z.number().int();

/** One try to make a cluster at one placement, as the ledger knows it. Money in micro-dollars, times in ms since the epoch. */
export const Creation = z.strictObject({
  /** The idempotency key: names this creation at its provider. */
  key: z.string(),
  requestId: z.string(),
  /** 1 for the first creation of the request. */
  number: z.number().int(),
  state: z.enum(CREATION_STATES),
  team: z.string(),
  /** Which of the request's placements, from 0. */
  placementIndex: z.number().int(),
  provider: z.string(),
  region: z.string(),
  hourlyMicros: micros,
  holdMicros: micros,
  /** The provider's id of the cluster, once known. */
  clusterId: z.string().nullable(),
  /** Workflow id of the owner. */
  owner: z.string(),
  /** Moves each time a request takes the open creation up again. */
  epoch: z.number().int(),
  /** Why it was closed or refused: a failure type, or Cancelled, Orphaned, Released, LeaseEnded. */
  why: z.string().nullable(),
  whyText: z.string().nullable(),
  readyTimeoutMs: z.number().int(),
  openedAtMs: timeMs,
  leasedAtMs: timeMs.nullable(),
  /** End of the lease's funded time. */
  leaseUntilMs: timeMs.nullable(),
  endedAtMs: timeMs.nullable(),
  /** What all clusters under the key cost, once settled. */
  costMicros: micros.nullable(),
});
export type Creation = z.infer<typeof Creation>;

/** What the ledger answers to every call: what happened, and what now stands. */
export interface Answer<Outcome extends string = string> {
  readonly outcome: Outcome;
  /** The creation at hand; null where the request has none. */
  readonly creation: Creation | null;
  /** Moves with each opening and each end: an opening under an old turn opens nothing. */
  readonly turn: number;
  /** Whether a cancel stands. */
  readonly cancelled: boolean;
  /** Every creation of the request, oldest first; only with answers that may end a run. */
  readonly creations?: readonly Creation[];
}

/** The outcomes of each ledger function. */
export interface LedgerOutcomes {
  openCreation: 'opened' | 'standing' | 'cancelled' | 'stale-turn' | 'budget-exceeded' | 'conflict';
  refuse: 'refused' | 'not-refusable' | 'not-open';
  lease: 'leased' | 'cancelled' | 'other-cluster' | 'not-open';
  beginClosing: 'closing' | 'leased' | 'not-owner' | 'ended';
  settle: 'settled' | 'stale-proof' | 'not-closing';
  endRequest: 'ended' | 'active';
  recordCancel: 'recorded' | 'use-release' | 'lifted';
  liftCancel: 'lifted' | 'not-cancelled';
  extendHold: 'extended' | 'budget-exceeded' | 'not-leased';
  claimOwner: 'owner' | 'not-owner';
  standing: 'standing' | 'unknown';
  claimSend: 'claimed' | 'closed' | 'cancelled' | 'busy' | 'stale-claim';
}
