import type pg from 'pg';

/** The stopped clock of a ledger. */
export interface TestClock {
  advance(ms: number): Promise<void>;
  /** The ledger's time, ms since the epoch. */
  now(): Promise<number>;
}

/** The middle of a month, so that a test reaches the next month only on purpose. */
const START = Date.UTC(2026, 10, 15, 12);

/**
 * Stops the clock of one ledger: `muster.now_ms` then reads a row that only the test changes. The function keeps its rights, and
 * reads the row with its owner's rights, so that every role sees the same time.
 * @param admin connections of the schema's owner
 */
export async function freezeClock(admin: pg.Pool): Promise<TestClock> {
  await admin.query(`
    create schema test_clock;
    create table test_clock.reading (ms bigint not null);
    insert into test_clock.reading values (${START});
    create or replace function muster.now_ms() returns bigint language sql volatile
    security definer set search_path = pg_catalog, pg_temp
    as $$ select ms from test_clock.reading $$`);
  return {
    advance: async (ms) => {
      await admin.query('update test_clock.reading set ms = ms + $1', [ms]);
    },
    now: async () => {
      const { rows } = await admin.query<{ now: number }>('select muster.now_ms() as now');
      if (rows[0] === undefined) throw new Error('the clock has no reading');
      return rows[0].now;
    },
  };
}
