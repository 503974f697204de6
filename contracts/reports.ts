import { z } from 'zod';
import { Creation } from './creation.ts';
import type { PlannedPlacement } from './plan.ts';

const micros = z.number().int();
const timeMs = z.number().int();

/** A cluster that was seen under a creation's key. */
const SeenCluster = z.object({
  key: z.string(),
  clusterId: z.string(),
  createdAtMs: timeMs,
  seenAtMs: timeMs,
  /** What it cost, micro-dollars; null until it is booked. */
  bookedMicros: micros.nullable(),
});

/** A request as the ledger knows it, which is for ever. Money in micro-dollars, times in ms since the epoch. */
export const RequestRecord = z.object({
  requestId: z.string(),
  /** Null where a cancel came before the request itself. */
  team: z.string().nullable(),
  /** How it ended last; null while it goes on, and where its run was stopped from outside. */
  outcome: z.enum(['ready', 'failed', 'cancelled']).nullable(),
  registeredAtMs: timeMs,
  endedAtMs: timeMs.nullable(),
  /** The cancel that stands, with every order that asked for it. */
  cancel: z.object({ atMs: timeMs, who: z.string(), why: z.string(), orderIds: z.array(z.string()) }).nullable(),
  /** Orders of cancels that an operator lifted. */
  liftedCancelIds: z.array(z.string()),
  /** The newest MAX_LISTED_CREATIONS, oldest first. */
  creations: z.array(Creation),
  /** How many creations the request has, listed or not. */
  creationCount: z.number().int(),
  /** Seen under those listed, in the order they were seen. */
  clusters: z.array(SeenCluster),
  /** What its creations hold now, and what those that ended cost, listed or not. */
  heldMicros: micros,
  costMicros: micros,
});
export type RequestRecord = z.infer<typeof RequestRecord>;

/** A movement of a team's money. */
export const JournalLine = z.object({
  /** Grows with time; names the line. */
  id: z.number().int(),
  atMs: timeMs,
  /** `total`, or a month in UTC such as `2026-11`. */
  period: z.string(),
  /** limit: set to this amount; hold, release: set aside, set free; spend: booked; overrun: booked beyond its hold. */
  kind: z.enum(['limit', 'hold', 'release', 'spend', 'overrun']),
  amountMicros: micros,
  /** The creation it was for; null for a limit. */
  key: z.string().nullable(),
  requestId: z.string().nullable(),
  reason: z.string(),
  who: z.string(),
});
export type JournalLine = z.infer<typeof JournalLine>;

/** Which lines of a team's journal. */
export interface JournalQuery {
  readonly team: string;
  /** Lines older than this one; null for the newest. */
  readonly beforeId: number | null;
  readonly limit: number;
}

/** Lines of a journal, newest first. */
export interface Journal {
  readonly team: string;
  readonly lines: readonly JournalLine[];
  /** Give it as `before` for older lines; null where there are none. */
  readonly next: number | null;
}

/** A cluster that is leased, or being released. */
export const LiveCluster = z.object({
  creation: Creation,
  /** Birth of the cluster, by its provider where it tells, ms since the epoch. */
  createdAtMs: timeMs.nullable(),
});
export type LiveCluster = z.infer<typeof LiveCluster>;

/** Which clusters. */
export interface ClusterQuery {
  /** Null for all teams. */
  readonly team: string | null;
  readonly provider: string | null;
}

/** Clusters, the longest leased first. */
export interface ClusterList {
  readonly clusters: readonly LiveCluster[];
  /** Whether there are more than MAX_CLUSTERS. */
  readonly more: boolean;
}

/** What Temporal knows of a creation: enough to write its row again. */
export interface Trace {
  readonly key: string;
  readonly clusterId: string;
  readonly bodyHash: string;
  readonly creation: Creation;
  readonly placement: PlannedPlacement;
}
