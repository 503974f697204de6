import type pg from 'pg';
import pgModule from 'pg';
import { connectLedger } from '../../activities/ledger/connection.ts';
import type { CreationState } from '../../contracts/creation.ts';
import { createTestLedger } from '../setup/ledger.ts';

/** A ledger for one world after another, with real tables, real logins and a clock that the world sets. */
export interface Lane {
  /** Connected as the ledger's worker. Every statement runs at the world's time. */
  ledger(nowMs: () => number): pg.Pool;
  /** Connected as a provider's worker. */
  provider(name: string, nowMs: () => number): pg.Pool;
  snapshot(nowMs: () => number): Promise<Snapshot>;
  /** Empties the tables for the next world. */
  clear(): Promise<void>;
  drop(): Promise<void>;
}

/** What the oracle reads of the ledger. */
export interface Snapshot {
  readonly audit: readonly string[];
  readonly creations: readonly CreationRow[];
  readonly observed: readonly { readonly key: string; readonly clusterId: string; readonly booked: number | null }[];
  readonly heldMicros: number;
  readonly spentMicros: number;
  readonly limitMicros: number;
  readonly request: { readonly outcome: string | null; readonly cancelled: boolean } | null;
}

export interface CreationRow {
  readonly key: string;
  readonly state: CreationState;
  readonly owner: string;
  readonly clusterId: string | null;
  readonly sendUntilMs: number | null;
  readonly leased: boolean;
}

const CLOCK = `create or replace function muster.now_ms() returns bigint language sql volatile
  as $$ select current_setting('muster.test_now')::bigint $$`;

const SNAPSHOT = `select muster.audit() as audit,
  (select coalesce(jsonb_agg(jsonb_build_object('key', key, 'state', state, 'owner', owner, 'clusterId', cluster_id,
     'sendUntilMs', send_until_ms, 'leased', leased_at_ms is not null) order by number), '[]') from muster.creation) as creations,
  (select coalesce(jsonb_agg(jsonb_build_object('key', key, 'clusterId', cluster_id, 'booked', booked_micros)), '[]')
     from muster.observed_cluster) as observed,
  (select coalesce(sum(held_micros), 0)::float from muster.balance) as "heldMicros",
  (select coalesce(sum(spent_micros), 0)::float from muster.balance) as "spentMicros",
  (select limit_micros::float from muster.budget) as "limitMicros",
  (select jsonb_build_object('outcome', outcome, 'cancelled', cancelled_at_ms is not null) from muster.request) as request`;

const CLEAR = `set session_replication_role = replica; delete from muster.observed_cluster; delete from muster.slice;
  delete from muster.journal; delete from muster.creation; delete from muster.request; delete from muster.balance; delete from muster.budget`;
const TRUNCATE =
  'truncate muster.observed_cluster, muster.slice, muster.journal, muster.creation, muster.request, muster.balance, muster.budget';
/** Worlds between two truncations. Deleting is faster than truncating until dead rows pile up. */
const TRUNCATE_EVERY = 40;

/** Creates a database for the worlds of these providers. */
export async function openLane(postgresUrl: string, providers: readonly string[]): Promise<Lane> {
  const db = await createTestLedger(postgresUrl);
  await db.admin.query(CLOCK);
  // Keys begin with the installation's id. It is the same in every lane, so that a seed gives the same keys in each.
  await db.admin.query(`update muster.installation set id = 'aaaaaa'`);
  const onIdleError = (): void => undefined;
  const pools: pg.Pool[] = [];
  const connect = (url: string): pg.Pool => {
    const made = new URL(url);
    made.searchParams.set('options', '-c synchronous_commit=off');
    const pool = connectLedger(made.toString(), onIdleError);
    pools.push(pool);
    return pool;
  };
  const ledger = await clocked(connect(db.ledgerUrl));
  const byProvider = new Map<string, ClockedConnection>();
  for (const name of providers) {
    await db.admin.query('select muster.ensure_provider_role($1)', [name]);
    byProvider.set(name, await clocked(connect(await db.providerUrl(name))));
  }
  let cleared = 0;
  return {
    ledger: (nowMs) => ledger.at(nowMs),
    provider: (name, nowMs) => {
      const found = byProvider.get(name);
      if (found === undefined) throw new RangeError(`no lane for ${name}`);
      return found.at(nowMs);
    },
    snapshot: async (nowMs) => {
      const { rows } = await ledger.at(nowMs).query<Snapshot>(SNAPSHOT);
      if (rows[0] === undefined) throw new RangeError('no snapshot');
      return rows[0];
    },
    clear: async () => {
      cleared += 1;
      await db.admin.query(cleared % TRUNCATE_EVERY === 0 ? TRUNCATE : CLEAR);
    },
    drop: async () => {
      await ledger.end();
      for (const each of byProvider.values()) await each.end();
      for (const pool of pools) await pool.end();
      await db.drop();
    },
  };
}

interface ClockedConnection {
  /** The connection as a pool whose statements run at the given time. */
  at(nowMs: () => number): pg.Pool;
  end(): Promise<void>;
}

/** One connection of a pool, whose session knows the world's time. Statements are prepared once. */
async function clocked(pool: pg.Pool): Promise<ClockedConnection> {
  const client = await pool.connect();
  const names = new Map<string, string>();
  let sessionMs = -1;
  const nameOf = (text: string): string => {
    const name = names.get(text) ?? `s${names.size}`;
    names.set(text, name);
    return name;
  };
  return {
    at: (nowMs) => {
      const query = async (text: string, values?: unknown[]): Promise<pg.QueryResult> => {
        const now = nowMs();
        if (now !== sessionMs) {
          sessionMs = now;
          void client.query(`set muster.test_now = ${now}`);
        }
        return client.query({ name: nameOf(text), text, values: values ?? [] });
      };
      return Object.assign(Object.create(pgModule.Pool.prototype) as pg.Pool, { query });
    },
    end: () => {
      client.release();
      return Promise.resolve();
    },
  };
}
