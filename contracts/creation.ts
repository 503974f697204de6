import { z } from 'zod';

/** States of a creation. The last three are ends. The ledger's table checks the same list. */
export const CREATION_STATES = ['open', 'leased', 'closing', 'refused', 'absent', 'released'] as const;
export type CreationState = (typeof CREATION_STATES)[number];

/** The states that may follow each state of a creation. A test checks them against what the ledger's functions do. */
export const CREATION_TRANSITIONS: Readonly<Record<CreationState, readonly CreationState[]>> = {
  open: ['refused', 'leased', 'closing'],
  leased: ['closing'],
  /** Absent where the creation was never leased, released where it was. */
  closing: ['absent', 'released'],
  refused: [],
  absent: [],
  released: [],
};

/** The states in which a row of a creation is written: `open` by an opening, the others only by a restore of a lost row. */
export const FIRST_CREATION_STATES: readonly CreationState[] = ['open', 'leased', 'closing'];

/** What a leased cluster was last confirmed to be. `degraded`: nodes are missing. `gone`: its provider no longer has it. */
export const CONDITIONS = ['ready', 'degraded', 'failed', 'gone'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** The rules of a lease, fixed when its creation opens. */
export const LeaseTerms = z.object({
  /** How long the ready cluster may live, ms. Null for a lease without an end, whose time is funded slice by slice. */
  durationMs: z.number().int().nullable(),
  /** How much time each further slice funds, ms, in a lease without an end. */
  sliceMs: z.number().int(),
  /** What happens when the next slice cannot be held. */
  onUnfunded: z.enum(['release', 'park']),
  /** What happens when the cluster has failed or is gone. */
  onBroken: z.enum(['park', 'release', 'reprovision']),
  /** The request as it was submitted, if it may be provisioned again; else null. */
  request: z.json().nullable(),
  /** Whether the provider ends the cluster by itself at a time that must move with the lease. */
  vendorExpiry: z.boolean(),
});
export type LeaseTerms = z.infer<typeof LeaseTerms>;

const micros = z.number().int();
const timeMs = z.number().int();

/**
 * One try to make a cluster at one placement: the fields of its row in the ledger. Each reader picks those that it needs.
 * Money in micro-dollars, times in ms since the epoch. Not strict, like all answers of the ledger: a worker leaves out fields
 * that only a later version knows.
 */
export const CreationRow = z.object({
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
  /** The create call, every byte of it. */
  call: z.json(),
  /** By the plan, or by the provider's bill once that is known. */
  hourlyMicros: micros,
  holdMicros: micros,
  /** The provider's id of the cluster, once known. */
  clusterId: z.string().nullable(),
  /** Workflow id of the owner. */
  owner: z.string(),
  /** Grows each time that a request takes up the open creation again. */
  epoch: z.number().int(),
  /** Claims of the right to send the create. */
  claims: z.number().int(),
  /** Sends that the provider answered definitely. */
  answered: z.number().int(),
  /** How long a claim lasts. */
  claimMs: z.number().int(),
  /** When the last claim ends; null before the first. */
  sendUntilMs: timeMs.nullable(),
  /** How long after the last claim a cluster may still appear. */
  lateClusterWindowMs: z.number().int(),
  /** The longest time that its deletion takes. */
  deleteReserveMs: z.number().int(),
  /** Why it was closed or refused: a failure type, or Cancelled, Orphaned, Released, LeaseEnded, Unfunded, Broken. */
  why: z.string().nullable(),
  whyText: z.string().nullable(),
  readyTimeoutMs: z.number().int(),
  openedAtMs: timeMs,
  leasedAtMs: timeMs.nullable(),
  /** End of the lease's funded time. */
  leaseUntilMs: timeMs.nullable(),
  closingAtMs: timeMs.nullable(),
  endedAtMs: timeMs.nullable(),
  /** What all clusters under the key cost, once settled. */
  costMicros: micros.nullable(),
  terms: LeaseTerms,
  /** What the leased cluster was last confirmed to be, the provider's words, and since when. Null until it is leased. */
  condition: z.enum(CONDITIONS).nullable(),
  conditionText: z.string().nullable(),
  conditionAtMs: timeMs.nullable(),
});

/** A creation as workflows and people see it. */
export const Creation = CreationRow.omit({
  ...{ call: true, claims: true, answered: true, claimMs: true, sendUntilMs: true },
  ...{ lateClusterWindowMs: true, deleteReserveMs: true, closingAtMs: true },
});
export type Creation = z.infer<typeof Creation>;

/** The creations of a request, as its receipt lists them. */
export const ListedCreations = z.object({
  /** The newest MAX_LISTED_CREATIONS, oldest first. Those that have ended have no request in their terms. */
  creations: z.array(Creation).readonly(),
  /** All creations in numbers, also those that are not listed. */
  totals: z.object({ creations: z.number().int(), costMicros: micros }),
});
export type ListedCreations = z.infer<typeof ListedCreations>;

/** The ledger's answer to a call: what happened, and what is true now. */
export interface Answer<Outcome extends string = string> {
  readonly outcome: Outcome;
  /** The creation of the call; null when there is none. */
  readonly creation: Creation | null;
  /** Grows with each opening and each end. An opening with an old version opens nothing. */
  readonly version: number;
  /** Whether a cancel is in force. */
  readonly cancelled: boolean;
}

/** An answer that may end a run, with the creations for its receipt. */
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
