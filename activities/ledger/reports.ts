import type pg from 'pg';
import { z } from 'zod';
import type { Budget, Budgets } from '../../contracts/activities.ts';
import type { Location } from '../../contracts/health.ts';
import { JOURNAL_MAX, MAX_BUDGETS, MAX_CLUSTERS, MAX_LISTED_CREATIONS } from '../../contracts/limits.ts';
import {
  JournalLine,
  RequestRecord,
  LiveCluster,
  type ClusterList,
  type ClusterQuery,
  type Journal,
  type JournalQuery,
} from '../../contracts/reports.ts';
import { readValue } from './read-value.ts';

const Money = z.number().int();
const BudgetRow = z.object({
  team: z.string(),
  period: z.enum(['total', 'month']),
  limitMicros: Money,
  balances: z.array(z.object({ period: z.string(), heldMicros: Money, spentMicros: Money })),
});

/** What people ask the ledger. Reads only. */
export interface Reports {
  /** Null for an id that the ledger never heard of. */
  request(requestId: string): Promise<RequestRecord | null>;
  /** Null for a team without a budget. */
  budgetOf(team: string): Promise<Budget | null>;
  /** Every team's budget by name, at most MAX_BUDGETS. */
  budgets(): Promise<Budgets>;
  /** Null for a team without a budget. */
  journal(order: JournalQuery): Promise<Journal | null>;
  /** Clusters that are leased, or being released, the longest leased first. The request in their terms is left out. */
  clusters(order: ClusterQuery): Promise<ClusterList>;
  /** Providers and regions of all creations. */
  locations(): Promise<Location[]>;
}

export function createReports(db: pg.Pool): Reports {
  return {
    request: (requestId) =>
      readValue(db, RequestRecord.nullable(), 'request_report($1, $2)', [requestId, MAX_LISTED_CREATIONS]),
    budgetOf: (team) => readValue(db, BudgetRow.nullable(), 'budget_of($1)', [team]),
    budgets: async () => {
      // One more than is shown tells whether there are more.
      const rows = await readValue(db, z.array(BudgetRow), 'budgets($1)', [MAX_BUDGETS + 1]);
      return { budgets: rows.slice(0, MAX_BUDGETS), more: rows.length > MAX_BUDGETS };
    },
    journal: async ({ team, beforeId, ...order }) => {
      const limit = Math.min(order.limit, JOURNAL_MAX);
      const rows = await readValue(db, z.array(JournalLine).nullable(), 'journal_lines($1, $2, $3)', [
        team,
        beforeId,
        limit + 1,
      ]);
      if (rows === null) return null;
      const lines = rows.slice(0, limit);
      return { team, lines, next: rows.length > limit ? (lines.at(-1)?.id ?? null) : null };
    },
    clusters: async ({ team, provider }) => {
      const rows = await readValue(db, z.array(LiveCluster), 'clusters($1, $2, $3)', [
        team,
        provider,
        MAX_CLUSTERS + 1,
      ]);
      return { clusters: rows.slice(0, MAX_CLUSTERS), more: rows.length > MAX_CLUSTERS };
    },
    locations: () => readValue(db, z.array(z.object({ provider: z.string(), region: z.string() })), 'locations()', []),
  };
}
