import { z } from 'zod';

/** States of a creation; the last three are ends. Keep with the check in the ledger's tables. */
export const CREATION_STATES = ['open', 'leased', 'closing', 'refused', 'absent', 'released'] as const;

/** What a leased cluster is, as last confirmed: `ready`; `degraded`, with nodes missing; `failed`; `gone` from its provider. */
export const CONDITIONS = ['ready', 'degraded', 'failed', 'gone'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** How a lease is to live: fixed when its creation opens. */
export const LeaseTerms = z.object({
  /** How long the ready cluster may live, ms; null for no end: then its time is funded slice by slice. */
  durationMs: z.number().int().nullable(),
  /** How much time each further slice funds, ms, where there is no end. */
  sliceMs: z.number().int(),
  /** What happens where the next slice cannot be held. */
  onUnfunded: z.enum(['release', 'park']),
  /** What happens where the cluster has failed or vanished. */
  onBroken: z.enum(['park', 'release', 'reprovision']),
  /** The request as it was submitted, where it may have to be provisioned again; else null. */
  request: z.json().nullable(),
  /** Whether the provider ends the cluster by itself at a time that must be moved along with the lease. */
  vendorExpiry: z.boolean(),
});
export type LeaseTerms = z.infer<typeof LeaseTerms>;

const micros = z.number().int();
const timeMs = z.number().int();

/**
 * One try to make a cluster at one placement, as the ledger knows it. Money in micro-dollars, times in ms since the epoch. Not
 * strict, like all that the ledger answers: a worker reads what a ledger that was migrated for newer ones tells, and leaves
 * out what it does not know.
 */
export const Creation = z.object({
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
  /** Why it was closed or refused: a failure type, or Cancelled, Orphaned, Released, LeaseEnded, Unfunded, Broken. */
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
  terms: LeaseTerms,
  /** What the leased cluster was last confirmed to be, what the provider said, and since when; null until it is leased. */
  condition: z.enum(CONDITIONS).nullable(),
  conditionText: z.string().nullable(),
  conditionAtMs: timeMs.nullable(),
});
export type Creation = z.infer<typeof Creation>;

/** All creations of a request in numbers, also those that a list leaves out. */
export const Totals = z.object({ creations: z.number().int(), costMicros: micros });
export type Totals = z.infer<typeof Totals>;

/** What the ledger answers to every call: what happened, and what now stands. */
export interface Answer<Outcome extends string = string> {
  readonly outcome: Outcome;
  /** The creation at hand; null where the request has none. */
  readonly creation: Creation | null;
  /** Moves with each opening and each end: an opening under an old turn opens nothing. */
  readonly version: number;
  /** Whether a cancel stands. */
  readonly cancelled: boolean;
}

/** The creations of a request, as its receipt lists them. */
export interface ListedCreations {
  /** The newest MAX_LISTED_CREATIONS of the request, oldest first. Those that have ended have no request in their terms. */
  readonly creations: readonly Creation[];
  readonly totals: Totals;
}

/** An answer that may end a run: it carries what the run's receipt lists. */
export interface AnswerWithReceipt<Outcome extends string = string> extends Answer<Outcome>, ListedCreations {}

/** The outcomes of each ledger function. */
export interface LedgerOutcomes {
  openCreation: 'opened' | 'existing' | 'cancelled' | 'stale-version' | 'budget-exceeded' | 'conflict';
  refuse: 'refused' | 'not-refusable' | 'not-open';
  lease: 'leased' | 'cancelled' | 'other-cluster' | 'not-open';
  beginClosing: 'closing' | 'leased' | 'not-owner' | 'ended';
  settle: 'settled' | 'stale-proof' | 'not-closing';
  endRequest: 'ended' | 'active';
  recordCancel: 'recorded' | 'use-release' | 'lifted';
  liftCancel: 'lifted' | 'not-cancelled';
  extendHold: 'extended' | 'budget-exceeded' | 'not-leased';
  readRequest: 'found' | 'unknown';
  reprovision: 'reprovisioned' | 'not-released' | 'too-often';
  claimSend: 'claimed' | 'closed' | 'cancelled' | 'busy' | 'stale-claim';
}
