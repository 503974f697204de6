import type pg from 'pg';
import { z } from 'zod';
import { Budget, JournalLine } from '../../contracts/budgets.ts';
import { JOURNAL_MAX, MAX_BUDGETS, MAX_CLUSTERS, MAX_LISTED_CREATIONS } from '../../contracts/limits.ts';
import { LiveCluster, RequestRecord, type LedgerReports } from '../../contracts/reports.ts';
import { failure } from '../failures.ts';
import { readValue } from './read-value.ts';

/** The reads for people, on a pool of the ledger. A list asks for one row more than it shows, to know whether there are more. */
export function createReports(db: pg.Pool): LedgerReports {
  return {
    readRecord: ({ requestId }) =>
      readValue(db, RequestRecord.nullable(), 'request_record($1, $2)', [requestId, MAX_LISTED_CREATIONS]),
    readBudget: async ({ team }) => {
      const budget = await readValue(db, Budget.nullable(), 'budget_of($1)', [team]);
      if (budget === null) throw noBudget(team);
      return budget;
    },
    listBudgets: async () => {
      const rows = await readValue(db, z.array(Budget), 'budgets($1)', [MAX_BUDGETS + 1]);
      return { budgets: rows.slice(0, MAX_BUDGETS), more: rows.length > MAX_BUDGETS };
    },
    readJournal: async ({ team, beforeId, ...query }) => {
      const limit = Math.min(query.limit, JOURNAL_MAX);
      const args = [team, beforeId, limit + 1];
      const rows = await readValue(db, z.array(JournalLine).nullable(), 'journal_lines($1, $2, $3)', args);
      if (rows === null) throw noBudget(team);
      const lines = rows.slice(0, limit);
      return { team, lines, next: rows.length > limit ? (lines.at(-1)?.id ?? null) : null };
    },
    listClusters: async ({ team, provider }) => {
      const args = [team, provider, MAX_CLUSTERS + 1];
      const rows = await readValue(db, z.array(LiveCluster), 'clusters($1, $2, $3)', args);
      return { clusters: rows.slice(0, MAX_CLUSTERS), more: rows.length > MAX_CLUSTERS };
    },
    listLocations: () =>
      readValue(db, z.array(z.object({ provider: z.string(), region: z.string() })), 'locations()', []),
  };
}

const noBudget = (team: string): Error =>
  failure('InvalidRequest', `team "${team}" has no budget; set one: muster budget set ${team} --limit 1000`);
