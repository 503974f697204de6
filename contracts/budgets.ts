import { z } from 'zod';

/** Sets a team's limit, micro-dollars, for all time or for each month in UTC. */
export interface BudgetOrder {
  readonly team: string;
  readonly period: 'total' | 'month';
  readonly limitMicros: number;
  readonly who: string;
}

/** A team's limit and its balances, newest period first; micro-dollars. */
export const Budget = z.object({
  team: z.string(),
  period: z.enum(['total', 'month']),
  limitMicros: z.number().int(),
  balances: z.array(z.object({ period: z.string(), heldMicros: z.number().int(), spentMicros: z.number().int() })),
});
export type Budget = z.infer<typeof Budget>;

/** Every team's budget by name, with the balances of the current period and of others that still hold money. */
export interface Budgets {
  readonly budgets: readonly Budget[];
  /** Whether there are more teams than MAX_BUDGETS. */
  readonly more: boolean;
}

/** A movement of a team's money. */
export const JournalLine = z.object({
  /** Names the line; a later line has a higher one. */
  id: z.number().int(),
  atMs: z.number().int(),
  /** `total`, or a month in UTC such as `2026-11`. */
  period: z.string(),
  /** limit: the limit is set; hold, release: money is reserved, freed; spend: a cost is booked; overrun: more than the hold. */
  kind: z.enum(['limit', 'hold', 'release', 'spend', 'overrun']),
  amountMicros: z.number().int(),
  /** The creation's key; null for a limit. */
  key: z.string().nullable(),
  requestId: z.string().nullable(),
  reason: z.string(),
  who: z.string(),
});
export type JournalLine = z.infer<typeof JournalLine>;

/** Which lines of a team's journal. */
export interface JournalQuery {
  readonly team: string;
  /** Only lines older than this one; null for the newest. */
  readonly beforeId: number | null;
  readonly limit: number;
}

/** Lines of a journal, newest first. */
export interface Journal {
  readonly team: string;
  readonly lines: readonly JournalLine[];
  /** The `beforeId` that lists older lines; null when there are none. */
  readonly next: number | null;
}
