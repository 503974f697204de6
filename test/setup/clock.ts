import type pg from 'pg';

/** The ledger's clock in a test's hands. */
export interface TestClock {
  advance(ms: number): Promise<void>;
  /** Milliseconds since the epoch, as the ledger tells them. */
  now(): Promise<number>;
}

/** Mid-month and mid-day, so that a test leaves the month only when it means to. */
const START = Date.UTC(2026, 10, 15, 12);

/**
 * Stops the clock of one ledger: `muster.now_ms` reads a row that only the test moves. The rights on the function stay as
 * they were, and it reads the row by its owner's rights, so that every role sees the same time.
 * @param admin connection of the schema's owner
 */
export async function freezeClock(admin: pg.Pool): Promise<TestClock> {
  await admin.query(`
    create schema test_clock;
    create table test_clock.hand (ms bigint not null);
    insert into test_clock.hand values (${START});
    create or replace function muster.now_ms() returns bigint language sql volatile
    security definer set search_path = pg_catalog, pg_temp
    as $$ select ms from test_clock.hand $$`);
  return {
    advance: async (ms) => {
      await admin.query('update test_clock.hand set ms = ms + $1', [ms]);
    },
    now: async () => {
      const { rows } = await admin.query<{ now: number }>('select muster.now_ms() as now');
      if (rows[0] === undefined) throw new Error('the clock has no hand');
      return rows[0].now;
    },
  };
}
