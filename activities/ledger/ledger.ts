import type pg from 'pg';
import { z } from 'zod';
import type { AbsenceProof, LedgerActivities } from '../../contracts/activities.ts';
import { Creation, ListedCreations, type Answer, type LedgerOutcomes } from '../../contracts/creation.ts';
import type { ClosingReason, Failure } from '../../contracts/failures.ts';
import type { Check } from '../../contracts/health.ts';
import { MAX_LISTED_CREATIONS, MAX_REPROVISIONS } from '../../contracts/limits.ts';
import type { LedgerReports, Trace } from '../../contracts/reports.ts';
import { checkLedger } from './check.ts';
import { readValue } from './read-value.ts';
import { createReports } from './reports.ts';
import { restoreCreation } from './restore.ts';

/** A workflow may run for this long after its creation has ended, ms (policy). */
const IDLE_OWNER_GRACE_MS = 60 * 60_000;

const AnswerRow = z.object({
  outcome: z.string(),
  version: z.number().int().nullable(),
  cancelled: z.boolean(),
  creation: Creation.nullable(),
});

/** Calls one of the ledger's functions that answer, and parses the answer. The name is never input. */
export async function callLedger<F extends keyof LedgerOutcomes>(
  db: pg.Pool | pg.ClientBase,
  functionName: string,
  args: readonly unknown[],
): Promise<Answer<LedgerOutcomes[F]>> {
  const placeholders = args.map((_, index) => `$${index + 1}`).join(', ');
  const { rows } = await db.query<{ answer: unknown }>(`select muster.${functionName}(${placeholders}) as answer`, [
    ...args,
  ]);
  const answer = AnswerRow.parse(rows[0]?.answer);
  return { ...answer, outcome: answer.outcome as LedgerOutcomes[F], version: answer.version ?? 0 };
}

/** A workflow that runs and may own a creation. */
export interface RunningWorkflow {
  readonly id: string;
  /** Start of its current run, ms since the epoch. */
  readonly startedAtMs: number;
}

/** What the ledger's own worker calls: a method for each function, each idempotent. */
export interface Ledger {
  openCreation(input: Parameters<LedgerActivities['openCreation']>[0]): Promise<Answer<LedgerOutcomes['openCreation']>>;
  refuse(key: string, attempt: string, failure: Failure, who: string): Promise<Answer<LedgerOutcomes['refuse']>>;
  lease(key: string, owner: string, clusterId: string): Promise<Answer<LedgerOutcomes['lease']>>;
  /** Holds the cost of the time until `untilMs` at the current price, and moves the lease's funded end there. */
  extendHold(key: string, untilMs: number, who: string): Promise<Answer<LedgerOutcomes['extendHold']>>;
  /** The answer carries the request's latest creation, which is another one when the request has gone on since. */
  reprovision(key: string): Promise<Answer<LedgerOutcomes['reprovision']>>;
  beginClosing(
    key: string,
    caller: string,
    epoch: number,
    why: ClosingReason,
    message: string,
  ): Promise<Answer<LedgerOutcomes['beginClosing']>>;
  settle(key: string, proof: AbsenceProof, who: string): Promise<Answer<LedgerOutcomes['settle']>>;
  endRequest(requestId: string, outcome: 'failed' | 'cancelled'): Promise<Answer<LedgerOutcomes['endRequest']>>;
  recordCancel(
    requestId: string,
    cancelId: string,
    who: string,
    why: string,
  ): Promise<Answer<LedgerOutcomes['recordCancel']>>;
  liftCancel(requestId: string): Promise<Answer<LedgerOutcomes['liftCancel']>>;
  readRequest(requestId: string): Promise<Answer<LedgerOutcomes['readRequest']>>;
  /** The newest creations of a request, and the totals of all. */
  receipt(requestId: string): Promise<ListedCreations>;
  /** Null for an unknown key. */
  creation(key: string): Promise<Creation | null>;
  /** Null for a request that was never opened. */
  bodyHash(requestId: string): Promise<string | null>;
  /** Which of these running workflows own nothing: a sentence each. */
  idleOwners(running: readonly RunningWorkflow[]): Promise<string[]>;
  /** Writes a lost creation's row again. Fails with InvalidRequest when that is not possible. */
  restore(trace: Trace, who: string): Promise<Creation>;
  setBudget(team: string, period: 'total' | 'month', limitMicros: number, who: string): Promise<void>;
  /** Reads for people. */
  readonly reports: LedgerReports;
  /** Every disagreement inside the ledger, a sentence each. */
  audit(): Promise<string[]>;
  /** Checks the ledger itself. Changes nothing. */
  check(): Promise<Check[]>;
}

/** @param db a pool that is connected as a member of `muster_ledger` */
export function createLedger(db: pg.Pool): Ledger {
  return {
    openCreation: ({ requestId, bodyHash, team, owner, version, placement }) =>
      callLedger<'openCreation'>(db, 'open_creation', [
        requestId,
        bodyHash,
        team,
        owner,
        version,
        JSON.stringify(placement),
      ]),
    refuse: (key, attempt, failure, who) =>
      callLedger<'refuse'>(db, 'refuse', [key, attempt, failure.type, failure.message, who]),
    lease: (key, owner, clusterId) => callLedger<'lease'>(db, 'lease', [key, owner, clusterId]),
    extendHold: (key, untilMs, who) => callLedger<'extendHold'>(db, 'extend_hold', [key, untilMs, who]),
    reprovision: (key) => callLedger<'reprovision'>(db, 'reprovision', [key, MAX_REPROVISIONS]),
    beginClosing: (key, caller, epoch, why, message) =>
      callLedger<'beginClosing'>(db, 'begin_closing', [key, caller, epoch, why, message]),
    settle: (key, proof, who) => callLedger<'settle'>(db, 'settle', [key, proof.claims, proof.goneAtMs, who]),
    endRequest: (requestId, outcome) => callLedger<'endRequest'>(db, 'end_request', [requestId, outcome]),
    recordCancel: (requestId, cancelId, who, why) =>
      callLedger<'recordCancel'>(db, 'record_cancel', [requestId, cancelId, who, why]),
    liftCancel: (requestId) => callLedger<'liftCancel'>(db, 'lift_cancel', [requestId]),
    readRequest: (requestId) => callLedger<'readRequest'>(db, 'read_request', [requestId]),
    receipt: (requestId) => readValue(db, ListedCreations, 'receipt($1, $2)', [requestId, MAX_LISTED_CREATIONS]),
    creation: (key) => readValue(db, Creation.nullable(), 'creation_by_key($1)', [key]),
    bodyHash: (requestId) => readValue(db, z.string().nullable(), 'body_hash($1)', [requestId]),
    idleOwners: (running) =>
      readValue(db, z.array(z.string()), 'idle_owners($1, $2)', [JSON.stringify(running), IDLE_OWNER_GRACE_MS]),
    restore: (trace, who) => restoreCreation(db, trace, who),
    setBudget: async (team, period, limitMicros, who) => {
      await db.query('select muster.set_budget($1, $2, $3, $4)', [team, period, limitMicros, who]);
    },
    reports: createReports(db),
    audit: () => readValue(db, z.array(z.string()), 'audit()', []),
    check: () => checkLedger(db),
  };
}
