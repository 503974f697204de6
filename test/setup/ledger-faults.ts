import type { TestLedger } from './ledger.ts';
import { until } from './until.ts';

/** A lock on rows of the ledger. */
export interface Lock {
  /** Waits until a call of this SQL function is blocked by this lock. The call has started, and completes after the release. */
  readonly untilBlocks: (functionName: string) => Promise<void>;
  readonly release: () => Promise<void>;
}

/** Blocks every step of the ledger, as a long lock in the database would. */
export const lockLedger = (db: TestLedger): Promise<Lock> =>
  hold(db, 'lock table muster.request in access exclusive mode');

/** Blocks every step that changes one request. Steps that only read go on. */
export const lockRequest = (db: TestLedger, requestId: string): Promise<Lock> =>
  hold(db, 'select 1 from muster.request where id = $1 for update', [requestId]);

async function hold({ admin }: TestLedger, statement: string, values: string[] = []): Promise<Lock> {
  const client = await admin.connect();
  await client.query('begin');
  await client.query(statement, values);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const holder = rows[0]?.pid;
  return {
    untilBlocks: async (functionName) => {
      await until(
        async () => {
          const { rowCount } = await admin.query(
            `select from pg_stat_activity where $1 = any (pg_blocking_pids(pid)) and query like $2`,
            [holder, `%muster.${functionName}(%`],
          );
          return rowCount !== null && rowCount > 0;
        },
        { what: `a call of ${functionName} that waits for the lock` },
      );
    },
    release: async () => {
      await client.query('rollback');
      client.release();
    },
  };
}

/** Renames a SQL function, so that calls of it fail. Resolves to a function that restores the name. */
export async function breakFunction({ admin }: TestLedger, name: string): Promise<() => Promise<void>> {
  await admin.query(`alter function muster.${name} rename to ${name}_away`);
  return async () => {
    await admin.query(`alter function muster.${name}_away rename to ${name}`);
  };
}
