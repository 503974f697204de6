import pg from 'pg';

/** Most connections of a process (policy). The ledger's statements are short, and PostgreSQL works best with few connections. */
const POOL_SIZE = 8;
/** A statement that takes longer waits for something that is broken, ms (policy). */
const STATEMENT_TIMEOUT_MS = 20_000;
/** The same limit by our own clock, for a server that is gone and cannot enforce its own, ms (policy). */
const QUERY_TIMEOUT_MS = 25_000;
/** Time to get a connection, ms (policy). */
const CONNECT_TIMEOUT_MS = 10_000;

/** int8 holds micro-dollars or ms since the epoch. Both stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
};

/** A pool on the ledger's database. An idle connection that breaks is replaced. */
export function connectLedger(url: string, onIdleError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'muster',
    types,
  });
  pool.on('error', onIdleError);
  return pool;
}
